// SPDX-License-Identifier: Apache-2.0
// What accumulator does, whatever comes in: proved by induction (scripts/prove-rtl). Part of the module.

  // Reset in the first cycle and never again; the rest of the inputs is free within the contract.
  logic begun = 1'b0;
  always_ff @(posedge clk) begin
    begun <= 1'b1;
  end
  always_comb assume (rst_n == begun);
  always_comb begin
    if (code_valid) assume (32'(code_word) < WORDS);
    if (read_valid) assume (32'(read_word) < WORDS);
  end

  // 1. A word that waits stays as it is.
  logic past_waits = 1'b0;
  logic [LANES*32-1:0] past_data;
  always_ff @(posedge clk) begin
    past_waits <= rst_n && sum_valid && !sum_ready;
    past_data  <= sum_data;
  end
  always_comb
    if (past_waits) begin
      stays_valid :  assert (sum_valid);
      stays_itself : assert (sum_data == past_data);
    end

  // 2. Each sum is what the accepted beats make of it. Any one sum is watched, chosen by what comes in during reset, and
  //    kept a second time, without pipeline or memory.
  logic [4:0] watched_lane;
  always_ff @(posedge clk)
    if (!begun) begin
      watched      <= read_word;
      watched_lane <= 5'(code_data[4:0]) < 5'(LANES) ? code_data[4:0] : 5'd0;
    end
  always_comb
    if (begun) begin
      a_word : assume (32'(watched) < WORDS);
      assume (watched_lane < 5'(LANES));
    end
  logic signed [15:0] code_now;
  assign code_now = code_data[watched_lane*16+:16];
  logic known = 1'b0;  // it has been replaced: what the memory has before that is nobody's business
  logic [31:0] wanted = 32'd0;
  logic hit;
  assign hit = takes_code && code_word == watched && code_keep[watched_lane];
  always_ff @(posedge clk)
    if (begun && hit) begin
      if (code_replace) known <= 1'b1;
      wanted <= (code_replace ? 32'd0 : wanted) + {{16{code_now[15]}}, code_now};
    end

  // ... in the memory, or on its way there. (Written in the coming edge: not yet in the memory.)
  logic under_way;
  assign under_way = adds && word == watched && keep[watched_lane];
  always_comb
    if (begun && known) begin
      if (under_way) in_stage : assert (added[watched_lane*32+:32] == wanted);
      else in_memory : assert (watched_data[watched_lane*32+:32] == wanted);
    end
  // ... and read, by whatever stands in the second stage: before it is added to, or as it leaves.
  logic [31:0] before = 32'd0;  // that sum, as beats before the one in the second stage have left it
  logic before_known = 1'b0;
  always_ff @(posedge clk)
    if (begun && (takes_code || takes_read)) begin
      before       <= wanted;
      before_known <= known;
    end
  always_comb
    if (begun && before_known && (adds || gives) && word == watched) as_read : assert (sums[watched_lane*32+:32] == before);

  // 3. One word for each request, in order: a request stands in the second stage until its word has left.
  logic asked = 1'b0;  // requests without their word
  logic [BITS-1:0] asked_word;
  always_ff @(posedge clk) begin
    if (!rst_n) asked <= 1'b0;
    else if (takes_read) asked <= 1'b1;
    else if (sum_valid && sum_ready) asked <= 1'b0;
    if (takes_read) asked_word <= read_word;
  end
  always_comb
    if (begun) begin
      one_each : assert (sum_valid == asked);
      if (asked) its_word : assert (word == asked_word);
      if (takes_read) one_at_a_time : assert (!asked || sum_ready);
      never_both : assert (!(adds && gives));
      at_the_pins : assert (!sum_valid || sum_data == sums);
    end

  // 4. Nothing stalls but a word that waits: what bounds the cycles.
  always_comb
    if (begun) begin
      if (!sum_valid || sum_ready) begin
        read_at_once : assert (read_ready);
        if (!read_valid) code_at_once : assert (code_ready);
      end
    end
