// SPDX-License-Identifier: Apache-2.0
// What index_decoder does, whatever comes in: proved by induction (scripts/prove-rtl). Part of the module.

  // Reset in the first cycle and never again; the rest of the inputs is free within the contract.
  logic begun = 1'b0;
  always_ff @(posedge clk) begun <= 1'b1;
  always_comb assume (rst_n == begun);
  always_comb
    if (row_valid) begin
      assume (row_code_bits >= 4'd1 && row_code_bits <= 4'd8);
      assume (row_code_bits != 4'd8 || row_first_bit == 3'd0);
    end
  // Rows of fewer columns than would wrap.
  always_comb assume (base < 32'hFFFF_0000);

  // 1. A beat that waits stays as it is.
  logic past_waits = 1'b0, past_last;
  logic [3:0] past_count;
  logic [LANES*32-1:0] past_index;
  logic [LANES*8-1:0] past_code;
  always_ff @(posedge clk) begin
    past_waits <= rst_n && out_valid && !out_ready;
    past_last  <= out_last;
    past_count <= out_count;
    past_index <= out_index;
    past_code  <= out_code;
  end
  always_comb
    if (past_waits) begin
      stays_valid :  assert (out_valid);
      stays_itself : assert (out_last == past_last && out_count == past_count && out_index == past_index && out_code == past_code);
    end

  // ... and a beat is what a step found, at the pins.
  logic sent = 1'b0, sent_last;
  logic [3:0] sent_count;
  logic [LANES*32-1:0] sent_columns;
  logic [LANES*8-1:0] sent_codes;
  always_ff @(posedge clk) begin
    sent         <= rst_n && emits;
    sent_last    <= row_ends;
    sent_count   <= count;
    sent_columns <= columns;
    sent_codes   <= those;
  end
  always_comb
    if (begun) begin
      if (sent) begin
        arrives : assert (out_valid && out_last == sent_last && out_count == sent_count);
        arrives_whole : assert (out_index == sent_columns && out_code == sent_codes);
      end
      if (out_valid) from_somewhere : assert (sent || past_waits);
    end

  // 2. At most LANES pairs, and none only at the end of a row.
  always_comb
    if (begun && out_valid) begin
      fits_lanes : assert (out_count <= 4'(LANES));
      no_idle_beat : assert (out_count != 4'd0 || out_last);
    end

  // 3. Nothing is lost and nothing comes twice: each bit of a word is among the pairs of exactly one step. Any one bit
  //    is watched, chosen by what comes in during reset.
  logic [5:0] watched;
  always_ff @(posedge clk) if (!begun) watched <= index_data[5:0];
  logic awaited = 1'b0;  // that bit of the word taken last, until it has come out
  logic [LANES-1:0] hits;
  always_comb
    for (int l = 0; l < LANES; l++) hits[l] = 4'(l) < count && columns[l*32+:32] == base + 32'(watched);
  always_ff @(posedge clk) begin
    if (!rst_n || takes_row) awaited <= 1'b0;
    else if (takes_word) awaited <= index_data[watched];
    else if (step && |hits) awaited <= 1'b0;
  end
  always_comb
    if (begun && busy && !csr && word_valid) begin
      in_place : assert (awaited == word[watched]);
      once : assert ((hits & (hits - 1'b1)) == '0);
      if (step) came : assert ((|hits) == (word[watched] && !rest[watched]));
      if (step && exhausted) all_came : assert (!rest[watched]);
    end
  // ... and what a step finds leaves in a beat: no step without a beat but that of a word without pairs.
  always_comb if (begun && step && count != 4'd0) no_loss : assert (emits);

  // 4. Columns ascend: within a step, and nothing is left below what has come out in this row.
  logic [31:0] floor_column = 32'd0;  // one above the last column of the row that left its word
  always_ff @(posedge clk) begin
    if (!rst_n || takes_row) floor_column <= 32'd0;
    else if (step && !csr && count != 4'd0) floor_column <= columns[(32*(count-1))+:32] + 32'd1;
  end
  always_comb
    if (begun && busy && !csr) begin
      if (word_valid) near : assert (floor_column <= base + 32'd64);
      if (word_valid) none_below : assert (!word[watched] || base + 32'(watched) >= floor_column);
      else word_above : assert (base >= floor_column);
    end
  for (genvar l = 1; l < LANES; l++) begin : g_ascending
    always_comb
      if (begun && busy && !csr && word_valid && 4'(l) < count)
        assert (columns[32*l+:32] > columns[32*(l-1)+:32]);
  end

  // 5. The last beat of a row is marked, and no other: with it every word and every pair is gone.
  always_comb
    if (begun && emits && row_ends && !is_empty) last_exact : assert (word_last && found <= 7'(LANES));
  logic word_was_last = 1'b0;
  always_ff @(posedge clk)
    if (!rst_n || takes_row) word_was_last <= 1'b0;
    else if (takes_word) word_was_last <= index_last;
  always_comb
    if (begun && busy) begin
      if (word_valid) last_kept : assert (word_last == word_was_last);
      if (!word_valid) not_past_last : assert (!word_was_last);
    end

  // 6. Codes: bits are neither invented nor dropped.
  always_comb
    if (begun && busy) begin
      room : assert (held <= 8'd128);
      nothing_above : assert ((codes >> held) == 128'd0);
      if (!codes_begun) nothing_before : assert (held == 8'd0 && codes == 128'd0);
      if (step) enough : assert (held >= needed);
      width : assert (code_bits >= 4'd1 && code_bits <= 4'd8);
    end
