// SPDX-License-Identifier: Apache-2.0
// What post_processor does, whatever comes in: proved by induction (scripts/prove-rtl). Part of the module. The products
// are cut free for the proofs: no property depends on what a multiplier gives.

  // Reset in the first cycle and never again; the rest of the inputs is free within the contract.
  logic begun = 1'b0;
  always_ff @(posedge clk) begun <= 1'b1;
  always_comb assume (rst_n == begun);
  always_comb begin
    if (layer_valid) assume (layer_clip_low <= layer_clip_high);
    if (element_valid) begin
      assume (element_count >= 5'd1 && element_count <= 5'(LANES));
      assume (!element_channel_last || element_last);
    end
  end

  // A group begins with its first beat, and none before it has ended.
  logic in_group = 1'b0;
  always_ff @(posedge clk) if (!rst_n) in_group <= 1'b0; else if (takes_element) in_group <= !element_last;
  always_comb if (element_valid) assume (element_first == !in_group);
  always_comb if (begun && in_group) of_one_channel : assert (busy && has_channel && !fold_valid);

  // 1. A beat that waits stays as it is.
  logic past_waits = 1'b0, past_last;
  logic [4:0] past_count;
  logic [LANES*CODE_BITS-1:0] past_code;
  always_ff @(posedge clk) begin
    past_waits <= rst_n && out_valid && !out_ready;
    past_last  <= out_last;
    past_count <= out_count;
    past_code  <= out_code;
  end
  always_comb
    if (past_waits) begin
      stays_valid : assert (out_valid);
      stays_itself : assert (out_last == past_last && out_count == past_count && out_code == past_code);
    end

  // 2. Nothing is lost and nothing comes twice: groups that were taken and have not left are those in the stages.
  logic out_passes;
  assign out_passes = out_valid && out_ready;
  logic [3:0] owed = 4'd0, held;
  always_ff @(posedge clk) begin
    if (!rst_n) owed <= 4'd0;
    else owed <= owed + 4'(takes_element && element_last) - 4'(out_passes);
  end
  assign held = 4'(fold_valid) + 4'(division_valid) + 4'(product_valid) + 4'(sum_valid) + 4'(shift_valid) +
                4'(slope_valid) + 4'(out_valid);
  always_comb if (begun) none_lost : assert (owed == held);

  // ... and each job that was accepted ends with one beat that is its last.
  logic [3:0] jobs_owed = 4'd0, jobs_held;
  always_ff @(posedge clk) begin
    if (!rst_n) jobs_owed <= 4'd0;
    else jobs_owed <= jobs_owed + 4'(takes_layer) - 4'(out_passes && out_last);
  end
  assign jobs_held = 4'(busy) + 4'(fold_valid && fold_with.last.ends) + 4'(division_valid && division_with.last.ends) +
                     4'(product_valid && product_with.last.ends) + 4'(sum_valid && sum_with.ends) +
                     4'(shift_valid && shift_with.ends) + 4'(slope_valid && slope_with.ends) +
                     4'(out_valid && out_last);
  always_comb if (begun) one_last_each : assert (jobs_owed == jobs_held);

  // 3. A beat is taken only of a job and a channel that are there; each lasts to its last beat.
  logic layer_there = 1'b0, record_there = 1'b0, record_is_last = 1'b0;
  always_ff @(posedge clk) begin
    if (!rst_n) begin
      layer_there  <= 1'b0;
      record_there <= 1'b0;
    end else begin
      if (layer_valid && layer_ready) layer_there <= 1'b1;
      else if (takes_element && element_channel_last && record_is_last) layer_there <= 1'b0;
      if (channel_valid && channel_ready) begin
        record_there   <= 1'b1;
        record_is_last <= channel_last;
      end else if (takes_element && element_channel_last) record_there <= 1'b0;
    end
  end
  always_comb
    if (begun) begin
      in_order_layer : assert (busy == layer_there);
      in_order_record : assert (has_channel == record_there);
      if (has_channel) record_kept : assert (channel_is_last == record_is_last);
      if (takes_element) of_something : assert (layer_there && record_there);
      // A layer or a record that is accepted takes no other's place.
      if (takes_layer && layer_there) layer_over : assert (takes_element && element_channel_last && record_is_last);
      if (takes_channel && record_there) record_over : assert (takes_element && element_channel_last);
    end

  // 4. Order: any one group is watched, chosen by what comes in beside; it leaves behind as many as were there, with its
  //    count, its last, its shift and its slope, and between the ends of its layer's clip.
  logic watching = 1'b0, watched_mean;
  logic [3:0] ahead = 4'd0;
  logic [31:0] watched_a, watched_b;  // multipliers
  ending watched;
  constants watched_with;
  always_ff @(posedge clk) begin
    if (!rst_n) watching <= 1'b0;
    else if (!watching) begin
      if (takes_element && element_last && channel_valid) begin // any: whether a record comes is free
        watching              <= 1'b1;
        ahead                 <= owed - 4'(out_passes);
        watched_mean          <= operation == MEAN;
        watched_a             <= multiplier_a;
        watched_b             <= multiplier_b;
        watched_with          <= at_hand;
        watched.zero_point    <= at_hand.last.zero_point;
        watched.clip_low      <= at_hand.last.clip_low;
        watched.clip_high     <= at_hand.last.clip_high;
        watched.ends          <= element_channel_last && record_is_last;
        watched.count         <= element_count;
      end
    end else if (out_passes) begin
      ahead <= ahead - 4'd1;
      if (ahead == 4'd0) watching <= 1'b0;
    end
  end
  // How many are ahead of what is in a stage.
  logic [3:0] before_slope, before_shift, before_sum, before_product, before_division, before_fold;
  assign before_slope    = 4'(out_valid);
  assign before_shift    = before_slope + 4'(slope_valid);
  assign before_sum      = before_shift + 4'(shift_valid);
  assign before_product  = before_sum + 4'(sum_valid);
  assign before_division = before_product + 4'(product_valid);
  assign before_fold     = before_division + 4'(division_valid);
  always_comb
    if (begun && watching) begin
      still_here : assert (ahead < owed);
      if (fold_valid && ahead == before_fold) begin
        at_fold : assert (fold_with.last == watched && fold_is_mean == watched_mean);
        at_fold_times : assert (fold_multiplier_a == watched_a && fold_multiplier_b == watched_b);
        at_fold_with : assert (fold_with.slope == watched_with.slope && fold_with.shift == watched_with.shift &&
                               fold_with.offset == watched_with.offset);
      end
      if (division_valid && ahead == before_division) begin
        at_division : assert (division_with.last == watched && watched_mean);
        at_division_times : assert (division_multiplier_a == watched_a);
        at_division_with : assert (division_with.slope == watched_with.slope &&
                                   division_with.shift == watched_with.shift &&
                                   division_with.offset == watched_with.offset);
      end
      if (product_valid && ahead == before_product) begin
        at_product : assert (product_with.last == watched);
        at_product_with : assert (product_with.slope == watched_with.slope &&
                                  product_with.shift == watched_with.shift &&
                                  product_with.offset == watched_with.offset);
      end
      if (sum_valid && ahead == before_sum)
        at_sum : assert (sum_with == watched && sum_slope == watched_with.slope && sum_shift == watched_with.shift);
      if (shift_valid && ahead == before_shift)
        at_shift : assert (shift_with == watched && shift_slope == watched_with.slope);
      if (slope_valid && ahead == before_slope) at_slope : assert (slope_with == watched);
      if (out_valid && ahead == 4'd0) at_pins : assert (out_count == watched.count && out_last == watched.ends);
    end

  // ... a mean leaves the division when it has all its bits, one of each cycle.
  logic [5:0] bits = 6'd0;
  always_ff @(posedge clk)
    if (fold_leaves && fold_is_mean) bits <= 6'd0;
    else if (division_valid && bits != 6'(QUOTIENT_BITS)) bits <= bits + 6'd1;
  always_comb
    if (begun && division_valid) begin
      a_bit_a_cycle : assert (bits == step && bits <= 6'(QUOTIENT_BITS));
      whole : assert (divided == (bits == 6'(QUOTIENT_BITS)));
    end

  // 5. At the pins: 1 to LANES codes between the ends of their clip, the other lanes zero.
  always_comb
    if (begun && out_valid) fits_lanes : assert (out_count >= 5'd1 && out_count <= 5'(LANES));
  for (genvar l = 0; l < LANES; l++) begin : g_pins
    logic [CODE_BITS-1:0] code_here;
    assign code_here = out_code[l*CODE_BITS+:CODE_BITS];
    always_comb
      if (begun && out_valid) begin
        if (5'(l) >= out_count) assert (code_here == '0);
        else if (watching && ahead == 4'd0) assert (code_here >= watched.clip_low && code_here <= watched.clip_high);
      end
  end
  // ... since every stage holds what the contract lets in.
  always_comb
    if (begun) begin
      if (busy) assert (at_hand.last.clip_low <= at_hand.last.clip_high);
      if (fold_valid) assert (fold_with.last.clip_low <= fold_with.last.clip_high);
      if (fold_valid) assert (fold_with.last.count >= 5'd1 && fold_with.last.count <= 5'(LANES));
      if (division_valid) assert (division_with.last.clip_low <= division_with.last.clip_high);
      if (division_valid) assert (division_with.last.count >= 5'd1 && division_with.last.count <= 5'(LANES));
      if (product_valid) assert (product_with.last.clip_low <= product_with.last.clip_high);
      if (product_valid) assert (product_with.last.count >= 5'd1 && product_with.last.count <= 5'(LANES));
      if (sum_valid) assert (sum_with.clip_low <= sum_with.clip_high);
      if (sum_valid) assert (sum_with.count >= 5'd1 && sum_with.count <= 5'(LANES));
      if (shift_valid) assert (shift_with.clip_low <= shift_with.clip_high);
      if (shift_valid) assert (shift_with.count >= 5'd1 && shift_with.count <= 5'(LANES));
      if (slope_valid) assert (slope_with.clip_low <= slope_with.clip_high);
      if (slope_valid) assert (slope_with.count >= 5'd1 && slope_with.count <= 5'(LANES));
    end

  // 6. Full rate: while the output is taken and no division is under way or waits, a beat of the job is taken in each
  //    cycle, and a record in the cycle in which the one before ends.
  always_comb
    if (begun && out_ready && !division_valid && !(fold_valid && fold_is_mean)) begin
      if (busy && has_channel) full_rate : assert (element_ready);
      if (takes_element && element_channel_last) no_gap : assert (channel_ready);
      if (takes_element && element_channel_last && channel_is_last) no_gap_of_jobs : assert (layer_ready);
    end

  // 7. A maximum: for any code, whether one that takes part was not below it is whether the fold is not below it. The
  //    code is chosen by what comes in during reset.
  logic [15:0] mark = 16'd1;
  always_ff @(posedge clk) if (!begun && element_a[15:0] != 16'd0) mark <= element_a[15:0];
  logic maximum_here = 1'b0;  // the fold's last beat was one of a maximum
  always_ff @(posedge clk)
    if (!rst_n) maximum_here <= 1'b0;
    else if (takes_element) maximum_here <= operation == MAXIMUM;
  always_comb marked : assert (mark != 16'd0);
  always_comb if (begun && in_group) of_one_kind : assert (maximum_here == (operation == MAXIMUM));
  for (genvar l = 0; l < LANES; l++) begin : g_maximum
    logic reached = 1'b0, was_reached, reaches;
    assign was_reached = !element_first && reached;
    assign reaches     = element_keep[l] && element_a[l*32+:16] >= mark;
    always_ff @(posedge clk)
      if (!rst_n) reached <= 1'b0;
      else if (takes_element) reached <= was_reached || reaches;
    always_comb if (begun && maximum_here) assert (reached == (g_lane[l].folded[15:0] >= mark));
  end
