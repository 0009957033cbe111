// SPDX-License-Identifier: Apache-2.0
// The memory of the accumulator: words of LANES partial sums, one read port and one write port. A word that is read in
// the cycle in which it is written comes as it was before.
module partial_sum_buffer #(
    parameter int LANES = 8,
    parameter int WORDS = 1024
) (
    input  logic                     clk,
`ifdef FORMAL
    input  logic [$clog2(WORDS)-1:0] watched_address,  // a word to be seen by proofs
    output logic [LANES*32-1:0]      watched_data,
`endif

    input  logic                     read_enable,
    input  logic [$clog2(WORDS)-1:0] read_address,
    output logic [LANES*32-1:0]      read_data,      // from the next edge on, until the one after the next read

    input  logic [LANES-1:0]         write_enable,   // of each sum of the word
    input  logic [$clog2(WORDS)-1:0] write_address,
    input  logic [LANES*32-1:0]      write_data
);

  logic [LANES*32-1:0] words[WORDS];

`ifdef FORMAL
  assign watched_data = words[watched_address];
`endif

  always_ff @(posedge clk) begin
    if (read_enable) read_data <= words[read_address];
    for (int l = 0; l < LANES; l++)
      if (write_enable[l]) words[write_address][l*32+:32] <= write_data[l*32+:32];
  end

endmodule
