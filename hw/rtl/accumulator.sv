// SPDX-License-Identifier: Apache-2.0
// Adds the converters' codes to the partial sums where they lie, in partial_sum_buffer, and gives sums to whoever asks:
// LANES sums, one word, in a cycle. docs/rtl/accumulator.md draws the waveforms and counts the cycles.
//
// Each stream has valid and ready: a beat passes at a rising edge where both are high; until then valid stays and the
// beat does not change. No valid depends on its own ready; code_ready and read_ready follow sum_ready in the same cycle,
// and code_ready follows read_valid: a word that is asked for goes first.
//
// Two stages: a beat's word is read from the memory; in the next cycle it is added to and written, or leaves. What is
// about to be written reaches a beat that reads the same word on a way around the memory.
module accumulator #(
    parameter int LANES = 8,    // sums in a word, 1 to 16
    parameter int WORDS = 1024, // of the memory, at least 2
    localparam int BITS = $clog2(WORDS)
) (
    input  logic                clk,
    input  logic                rst_n,         // synchronous, low: forget what is under way; the memory keeps its sums

    // Codes to be added to a word.
    input  logic                code_valid,
    output logic                code_ready,
    input  logic [BITS-1:0]     code_word,     // below WORDS
    input  logic [LANES-1:0]    code_keep,     // lanes that have a code; the sums of the others stay
    input  logic                code_replace,  // they replace the sums
    input  logic [LANES*16-1:0] code_data,     // two's complement

    // Words asked for. Beats are worked on in the order in which they pass, codes and requests together.
    input  logic                read_valid,
    output logic                read_ready,
    input  logic [BITS-1:0]     read_word,     // below WORDS

    // One word for each request, in order.
    output logic                sum_valid,
    input  logic                sum_ready,
    output logic [LANES*32-1:0] sum_data       // two's complement, modulo 2^32
);

  // The second stage.
  logic                adds, gives;  // a beat of codes, a request; never both
  logic [BITS-1:0]     word;
  logic [LANES-1:0]    keep;
  logic                replace;
  logic [LANES*16-1:0] codes;
  logic [LANES-1:0]    around;       // lanes whose sum was on its way to the memory when this beat read it
  logic [LANES*32-1:0] passed;       // those sums

  logic [LANES*32-1:0] stored, sums, added;
  always_comb
    for (int l = 0; l < LANES; l++) begin
      sums[l*32+:32]  = around[l] ? passed[l*32+:32] : stored[l*32+:32];
      added[l*32+:32] = (replace ? 32'd0 : sums[l*32+:32]) + {{16{codes[l*16+15]}}, codes[l*16+:16]};
    end

  assign sum_valid = gives;
  assign sum_data  = gives ? sums : '0;

  // A word that leaves may have to wait, and with it everything.
  logic moves;
  assign moves      = !gives || sum_ready;
  assign read_ready = moves;
  assign code_ready = moves && !read_valid;

  logic takes_code, takes_read;
  assign takes_code = code_valid && code_ready;
  assign takes_read = read_valid && read_ready;

  logic [BITS-1:0] next;
  assign next = read_valid ? read_word : code_word;

`ifdef FORMAL
  logic [BITS-1:0] watched;
  logic [LANES*32-1:0] watched_data;
`endif

  logic [LANES-1:0] writes;
  assign writes = adds ? keep : '0;

  partial_sum_buffer #(
      .LANES(LANES),
      .WORDS(WORDS)
  ) memory (
      .clk,
`ifdef FORMAL
      .watched_address(watched),
      .watched_data(watched_data),
`endif
      .read_enable(takes_code || takes_read),
      .read_address(next),
      .read_data(stored),
      .write_enable(writes),
      .write_address(word),
      .write_data(added)
  );

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      adds    <= 1'b0;
      gives   <= 1'b0;
      // The rest is set before it is read.
      word    <= '0;
      keep    <= '0;
      replace <= 1'b0;
      codes   <= '0;
      around  <= '0;
      passed  <= '0;
    end else if (moves) begin
      adds    <= takes_code;
      gives   <= takes_read;
      word    <= next;
      keep    <= code_keep;
      replace <= code_replace;
      codes   <= code_data;
      around  <= word == next ? writes : '0;
      passed  <= added;
    end
  end

`ifdef FORMAL
  `include "accumulator_properties.svh"
`endif
endmodule
