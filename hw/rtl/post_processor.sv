// SPDX-License-Identifier: Apache-2.0
// Finishes the elements of a layer (docs/numbers.md, post-processing and pooling): partial sums, codes of one or two
// operands, or windows of codes whose maximum or mean is taken first, become output codes, up to LANES in a cycle.
// docs/rtl/post_processor.md draws the waveforms and counts the cycles.
//
// Each stream has valid and ready: a beat passes at a rising edge where both are high; until then valid stays and the
// beat does not change. No valid depends on its own ready. element_ready follows out_ready in the same cycle;
// channel_ready and layer_ready follow out_ready and the element stream, whose last beat makes room for the next record.
module post_processor #(
    parameter  int LANES      = 16,  // elements in a beat, 1 to 16
    localparam int CODE_BITS  = $clog2(sonic_regs_pkg::LARGEST_CODE + 1),
    localparam int SLOPE_BITS = $clog2(sonic_regs_pkg::LARGEST_SLOPE + 1) + 1,
    localparam int SHIFT_BITS = $clog2(sonic_regs_pkg::LARGEST_SHIFT + 1)
) (
    input  logic                       clk,
    input  logic                       rst_n,                 // synchronous, low: forget everything

    // One beat for each job.
    input  logic                       layer_valid,
    output logic                       layer_ready,
    input  logic [                1:0] layer_operation,       // 0 sums, 1 codes, 2 maximum, 3 mean
    input  logic [     SLOPE_BITS-1:0] layer_negative_slope,  // signed
    input  logic [      CODE_BITS-1:0] layer_zero_point,
    input  logic [      CODE_BITS-1:0] layer_clip_low,
    input  logic [      CODE_BITS-1:0] layer_clip_high,       // not below clip_low

    // One beat for each channel; it may come before its layer.
    input  logic                       channel_valid,
    output logic                       channel_ready,
    input  logic [               31:0] channel_multiplier_a,  // signed
    input  logic [               31:0] channel_multiplier_b,  // signed
    input  logic [               63:0] channel_offset,        // signed
    input  logic [     SHIFT_BITS-1:0] channel_shift,         // at least 1
    input  logic                       channel_last,          // of the job

    // Elements of a channel, side by side. Of maxima and means a beat is one step of their windows.
    input  logic                       element_valid,
    output logic                       element_ready,
    input  logic [       LANES*32-1:0] element_a,             // sums: signed; codes, maxima: the lowest 16 bits
    input  logic [       LANES*32-1:0] element_b,             // codes: the lowest 16 bits; mean, with last: the divisor
    input  logic [          LANES-1:0] element_keep,          // maxima, means: lanes that take part in the step
    input  logic [                4:0] element_count,         // lanes that hold elements, from lane 0 on: 1 to LANES
    input  logic                       element_first,         // of a group of windows
    input  logic                       element_last,          // of a group of windows
    input  logic                       element_channel_last,  // of the channel; then also element_last

    // Codes, in the order of the elements.
    output logic                       out_valid,
    input  logic                       out_ready,
    output logic [                4:0] out_count,             // codes, in the lowest lanes; other lanes are zero
    output logic [LANES*CODE_BITS-1:0] out_code,
    output logic                       out_last               // of the job
);

  localparam int TOTAL_BITS = 48;     // of the largest window's codes: 2^32 - 1 of 2^16 - 1 each
  localparam int QUOTIENT_BITS = 32;  // of a mean: 16 bits and as many behind the point
  localparam int OPERAND_BITS = 33;   // partial sum or mean
  // What is shifted is bounded to this before the slope: beyond, the smallest slope leaves the codes, and so does 1.
  localparam int BOUND_BITS = sonic_regs_pkg::SLOPE_BOUND_BITS;
  localparam int VALUE_BITS = BOUND_BITS + 2;
  localparam int FRACTION_BITS = sonic_regs_pkg::SLOPE_FRACTION_BITS;

  localparam logic [1:0] SUMS = 2'd0, CODES = 2'd1, MAXIMUM = 2'd2, MEAN = 2'd3;

  // What goes along with elements, to the last stage and to the sum of the products.
  typedef struct packed {
    logic                  ends;  // the job
    logic [4:0]            count;
    logic [CODE_BITS-1:0]  zero_point, clip_low, clip_high;
  } ending;
  typedef struct packed {
    ending                 last;
    logic [SLOPE_BITS-1:0] slope;
    logic [SHIFT_BITS-1:0] shift;
    logic [63:0]           offset;  // with the half that rounds
  } constants;

  // The job and the channel at hand.
  logic                  busy, has_channel, channel_is_last;
  logic [1:0]            operation;
  constants              at_hand;  // but for ends and count
  logic [31:0]           multiplier_a, multiplier_b;

  // ---- Stages: the fold, the division, products, their sum, its shift, the slope; then the output.

  logic     fold_valid, division_valid, product_valid, sum_valid, shift_valid, slope_valid;
  logic     fold_is_mean, fold_has_b;
  constants fold_with, division_with, product_with;
  ending    sum_with, shift_with, slope_with;
  logic [31:0] fold_multiplier_a, fold_multiplier_b, division_multiplier_a;
  logic [SLOPE_BITS-1:0] sum_slope, shift_slope;
  logic [SHIFT_BITS-1:0] sum_shift;
  logic [5:0] step;  // of a division

  logic out_free, slope_free, shift_free, sum_free, product_free, division_free, divided, fold_leaves;
  assign out_free      = !out_valid || out_ready;
  assign slope_free    = !slope_valid || out_free;
  assign shift_free    = !shift_valid || slope_free;
  assign sum_free      = !sum_valid || shift_free;
  assign product_free  = !product_valid || sum_free;
  assign divided       = division_valid && step == 6'(QUOTIENT_BITS);
  assign division_free = !division_valid || (divided && product_free);
  // Nothing overtakes a division.
  assign fold_leaves   = fold_valid && (fold_is_mean ? division_free : !division_valid && product_free);

  logic takes_layer, takes_channel, takes_element, channel_ends, job_ends;
  assign element_ready = busy && has_channel && (!fold_valid || fold_leaves);
  assign takes_element = element_valid && element_ready;
  assign channel_ends  = takes_element && element_channel_last;
  assign job_ends      = channel_ends && channel_is_last;
  assign channel_ready = !has_channel || channel_ends;
  assign takes_channel = channel_valid && channel_ready;
  assign layer_ready   = !busy || job_ends;
  assign takes_layer   = layer_valid && layer_ready;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      busy           <= 1'b0;
      has_channel    <= 1'b0;
      fold_valid     <= 1'b0;
      division_valid <= 1'b0;
      product_valid  <= 1'b0;
      sum_valid      <= 1'b0;
      shift_valid    <= 1'b0;
      slope_valid    <= 1'b0;
      out_valid      <= 1'b0;
      // The rest is set before it is read.
      channel_is_last <= 1'b0;
      operation       <= SUMS;
      at_hand         <= '0;
      fold_is_mean    <= 1'b0;
      fold_has_b      <= 1'b0;
      fold_with       <= '0;
      division_with   <= '0;
      product_with    <= '0;
      sum_with        <= '0;
      shift_with      <= '0;
      slope_with      <= '0;
      sum_slope       <= '0;
      shift_slope     <= '0;
      sum_shift       <= '0;
      step            <= 6'd0;
      out_count       <= 5'd0;
      out_last        <= 1'b0;
      multiplier_a          <= 32'd0;
      multiplier_b          <= 32'd0;
      fold_multiplier_a     <= 32'd0;
      fold_multiplier_b     <= 32'd0;
      division_multiplier_a <= 32'd0;
    end else begin
      if (job_ends) busy <= 1'b0;
      if (takes_layer) begin
        busy                    <= 1'b1;
        operation               <= layer_operation;
        at_hand.slope           <= layer_negative_slope;
        at_hand.last.zero_point <= layer_zero_point;
        at_hand.last.clip_low   <= layer_clip_low;
        at_hand.last.clip_high  <= layer_clip_high;
      end
      if (channel_ends) has_channel <= 1'b0;
      if (takes_channel) begin
        has_channel     <= 1'b1;
        channel_is_last <= channel_last;
        multiplier_a    <= channel_multiplier_a;
        multiplier_b    <= channel_multiplier_b;
        at_hand.offset  <= channel_offset + (64'd1 << (channel_shift - 1'b1));
        at_hand.shift   <= channel_shift;
      end

      if (fold_leaves) fold_valid <= 1'b0;
      if (takes_element) begin
        fold_valid           <= element_last;
        fold_is_mean         <= operation == MEAN;
        fold_has_b           <= operation == CODES;
        fold_multiplier_a    <= multiplier_a;
        fold_multiplier_b    <= multiplier_b;
        fold_with            <= at_hand;
        fold_with.last.ends  <= element_channel_last && channel_is_last;
        fold_with.last.count <= element_count;
      end

      if (division_valid && !divided) step <= step + 6'd1;
      if (division_free) begin
        division_valid        <= fold_valid && fold_is_mean;
        division_multiplier_a <= fold_multiplier_a;
        division_with         <= fold_with;
        step                  <= 6'd0;
      end

      if (product_free) begin
        product_valid <= divided || (fold_leaves && !fold_is_mean);
        product_with  <= divided ? division_with : fold_with;
      end
      if (sum_free) begin
        sum_valid <= product_valid;
        sum_shift <= product_with.shift;
        sum_slope <= product_with.slope;
        sum_with  <= product_with.last;
      end
      if (shift_free) begin
        shift_valid <= sum_valid;
        shift_slope <= sum_slope;
        shift_with  <= sum_with;
      end
      if (slope_free) begin
        slope_valid <= shift_valid;
        slope_with  <= shift_with;
      end
      if (out_free) begin
        out_valid <= slope_valid;
        out_count <= slope_with.count;
        out_last  <= slope_with.ends;
      end
    end
  end

  // ---- The numbers of a lane.

  logic signed [31:0]           factor_a, factor_b;
  logic signed [63:0]           added;
  logic signed [SLOPE_BITS-1:0] below_zero;
  logic signed [63:0]           low, high, zero_point;
  assign factor_a   = divided ? division_multiplier_a : fold_multiplier_a;
  assign factor_b   = fold_multiplier_b;
  assign added      = product_with.offset;
  assign below_zero = shift_slope;
  assign low        = 64'(slope_with.clip_low);
  assign high       = 64'(slope_with.clip_high);
  assign zero_point = 64'(slope_with.zero_point);

  for (genvar l = 0; l < LANES; l++) begin : g_lane
    logic [31:0] a, b;
    assign a = element_a[l*32+:32];
    assign b = element_b[l*32+:32];

    // The fold. A window begins with 0, which is also the smallest code.
    logic [TOTAL_BITS-1:0] folded, base, grown;
    logic [31:0]           folded_b;
    assign base = element_first ? '0 : folded;
    always_comb begin
      grown = base;
      unique case (operation)
        SUMS:    grown = {{(TOTAL_BITS - 32) {a[31]}}, a};
        CODES:   grown = TOTAL_BITS'(a[15:0]);
        MAXIMUM: if (element_keep[l] && a[15:0] > base[15:0]) grown = TOTAL_BITS'(a[15:0]);
        MEAN:    if (element_keep[l]) grown = base + TOTAL_BITS'(a);
      endcase
    end

    // Division with remainder, a bit a cycle. The total is at most 2^16 - 1 times the divisor, so that the quotient has
    // 32 bits and the remainder stays below the divisor.
    logic [63:0] dividend;
    logic [31:0] remainder, quotient, divisor;
    logic [32:0] shifted;
    logic        fits;
    assign dividend = {folded, {sonic_regs_pkg::MEAN_FRACTION_BITS{1'b0}}} + {33'd0, folded_b[31:1]};
    assign shifted  = {remainder, quotient[31]};
    assign fits     = shifted >= {1'b0, divisor};

    // Products; sums modulo 2^64.
    logic signed [OPERAND_BITS-1:0] operand_a;
    logic signed [CODE_BITS:0]      operand_b;
    assign operand_a = divided ? {1'b0, quotient} : folded[OPERAND_BITS-1:0];
    assign operand_b = fold_has_b && !divided ? {1'b0, folded_b[CODE_BITS-1:0]} : '0;
    logic signed [63:0]             product_a, product_b, sum;

    logic signed [63:0]           shifted_sum;
    logic signed [VALUE_BITS-1:0] bounded, value;
    assign shifted_sum = sum >>> sum_shift;
    always_comb begin
      bounded = shifted_sum[VALUE_BITS-1:0];
      if (!shifted_sum[63] && |shifted_sum[62:BOUND_BITS]) bounded = {2'b01, {BOUND_BITS{1'b0}}};
      if (shifted_sum[63] && !(&shifted_sum[62:BOUND_BITS])) bounded = {2'b11, {BOUND_BITS{1'b0}}};
    end

    // A factor of 1 leaves what is not negative as it is.
    logic signed [SLOPE_BITS-1:0] factor;
    logic signed [63:0]           scaled, rounded, coded;
    assign factor  = value[VALUE_BITS-1] ? below_zero : SLOPE_BITS'(1 << FRACTION_BITS);
    assign rounded = (scaled + (64'sd1 << (FRACTION_BITS - 1))) >>> FRACTION_BITS;
    assign coded   = rounded + zero_point;

    logic [CODE_BITS-1:0] code;
    always_comb begin
      code = coded[CODE_BITS-1:0];
      if (coded < low) code = slope_with.clip_low;
      if (coded > high) code = slope_with.clip_high;
    end

    always_ff @(posedge clk) begin
      if (!rst_n) begin
        folded    <= '0;
        folded_b  <= '0;
        remainder <= '0;
        quotient  <= '0;
        divisor   <= '0;
        product_a <= '0;
        product_b <= '0;
        sum       <= '0;
        value     <= '0;
        scaled    <= '0;
        out_code[l*CODE_BITS+:CODE_BITS] <= '0;
      end else begin
        if (takes_element) begin
          folded   <= grown;
          folded_b <= b;
        end
        if (division_free) begin
          {remainder, quotient} <= dividend;
          divisor               <= folded_b;
        end else if (!divided) begin
          remainder <= fits ? shifted[31:0] - divisor : shifted[31:0];
          quotient  <= {quotient[30:0], fits};
        end
        if (product_free) begin
          product_a <= operand_a * factor_a;
          product_b <= operand_b * factor_b;
        end
        if (sum_free) sum <= product_a + product_b + added;
        if (shift_free) value <= bounded;
        if (slope_free) scaled <= value * factor;
        if (out_free)
          out_code[l*CODE_BITS+:CODE_BITS] <= 5'(l) < slope_with.count ? code : '0;
      end
    end
  end

`ifdef FORMAL
  `include "post_processor_properties.svh"
`endif
endmodule
