// SPDX-License-Identifier: Apache-2.0
// Decodes rows of a compressed matrix (docs/sparse.md): the places of the non-zeros, as a bitmask or as CSR column
// indices, and the packed codes that belong to them come in as they lie in memory; up to LANES pairs of a column and a
// code go out in a cycle, in ascending order. docs/rtl/index_decoder.md draws the waveforms and counts the cycles.
//
// Each stream has valid and ready: a beat passes at a rising edge where both are high; until then valid stays and the
// beat does not change. No valid depends on its own ready; index_ready, value_ready and row_ready follow out_ready in
// the same cycle.
module index_decoder #(
    parameter int LANES = 5  // pairs in a beat, 1 to 8
) (
    input  logic                  clk,
    input  logic                  rst_n,          // synchronous, low: forget everything

    // One beat for each row.
    input  logic                  row_valid,
    output logic                  row_ready,
    input  logic                  row_csr,        // column indices; else masks
    input  logic                  row_wide,       // CSR: indices of 32 bits, else of 16
    input  logic [31:0]           row_nonzeros,
    input  logic [ 3:0]           row_code_bits,  // width of a code, 1 to 8
    input  logic [ 2:0]           row_first_bit,  // where the row's first code begins in its first byte

    // Masks or column indices, from the row's first byte on. A row of CSR without non-zeros has none.
    input  logic                  index_valid,
    output logic                  index_ready,
    input  logic [63:0]           index_data,     // least significant bit or index first
    input  logic                  index_last,     // of the row

    // Codes, from the byte on in which the row's first one begins. A row without non-zeros has none.
    input  logic                  value_valid,
    output logic                  value_ready,
    input  logic [63:0]           value_data,     // least significant bit first
    input  logic                  value_last,     // of the row

    // Pairs. A beat without pairs is a row's last one.
    output logic                  out_valid,
    input  logic                  out_ready,
    output logic [ 3:0]           out_count,      // pairs, in the lowest lanes; other lanes are zero
    output logic [LANES*32-1:0]   out_index,      // columns
    output logic [LANES*8-1:0]    out_code,
    output logic                  out_last        // of the row
);

  // The row at hand.
  logic         busy, csr, wide;
  logic [ 3:0]  code_bits;
  logic [ 2:0]  first_bit;
  logic         is_empty;     // CSR without non-zeros: no word will come
  logic         has_values;   // codes will come
  logic [31:0]  left;         // CSR: indices not yet in the word
  logic [31:0]  base;         // bitmask: column of the word's bit 0

  // The word of masks or indices whose pairs are being found.
  logic         word_valid, word_last;
  logic [63:0]  word;
  logic [ 2:0]  word_left;    // CSR: indices in it

  // Codes on their way: the lowest `held` bits.
  logic [127:0] codes;
  logic [ 7:0]  held;
  logic         codes_begun, codes_done;

  // ---- The pairs that could leave in this cycle.

  logic [ 6:0]         found;   // bits set in the word, or indices in it
  logic [ 3:0]         count;   // of them, what the lanes take
  logic [LANES*32-1:0] columns;
  logic [63:0]         rest;    // bits that are left in the word

  // below[i] bits are set below bit i: lane l takes the bit with l below it. Counted in each byte, then over the bytes,
  // so that the chain of adders is short.
  logic [6:0] below[65];
  logic [3:0] in_byte;
  logic [6:0] of_bytes;
  always_comb begin
    of_bytes = 7'd0;
    for (int b = 0; b < 8; b++) begin
      in_byte = 4'd0;
      for (int i = 0; i < 8; i++) begin
        below[8*b+i] = of_bytes + {3'd0, in_byte};
        in_byte = in_byte + {3'd0, word[8*b+i]};
      end
      of_bytes = of_bytes + {3'd0, in_byte};
    end
    below[64] = of_bytes;
  end

  always_comb begin
    columns = '0;
    rest    = '0;
    if (csr) begin
      found = {4'd0, word_left};
      rest  = wide ? word >> (LANES < 2 ? 32 : 0) : word >> (LANES < 4 ? 16 * LANES : 0);
      for (int l = 0; l < LANES; l++) begin
        if (wide && l < 2) columns[l*32+:32] = word[(l%2)*32+:32];
        if (!wide && l < 4) columns[l*32+:32] = {16'd0, word[(l%4)*16+:16]};
      end
    end else begin
      found = below[64];
      for (int i = 0; i < 64; i++) begin
        if (below[i] >= 7'(LANES)) rest[i] = word[i];
        for (int l = 0; l < LANES; l++)
          if (word[i] && below[i] == 7'(l)) columns[l*32+:32] = columns[l*32+:32] | (base + 32'(i));
      end
    end
    if (is_empty) found = 7'd0;
    count = found > 7'(LANES) ? 4'(LANES) : found[3:0];
    for (int l = 0; l < LANES; l++) if (4'(l) >= count) columns[l*32+:32] = '0;
  end

  // ---- Their codes.

  logic [7:0]         needed;  // bits
  logic [LANES*8-1:0] those;
  always_comb begin
    needed = 8'(count) * 8'(code_bits);
    those  = '0;
    for (int l = 0; l < LANES; l++)
      if (4'(l) < count) those[l*8+:8] = 8'(codes >> (l * code_bits)) & ~(8'hFF << code_bits);
  end

  // ---- What happens in this cycle.

  logic out_free, exhausted, row_ends, step, emits;
  assign out_free  = !out_valid || out_ready;
  assign exhausted = found <= 7'(LANES);
  assign row_ends  = exhausted && (is_empty || word_last);
  // A word is worked on, if its codes are there; a word without pairs leaves no beat behind unless the row ends.
  assign step      = busy && (is_empty || word_valid) && held >= needed && out_free;
  assign emits     = step && (count != 4'd0 || row_ends);

  assign row_ready   = !busy || (step && row_ends);
  assign index_ready = busy && !is_empty && (!word_valid || (step && exhausted && !word_last));
  assign value_ready = busy && has_values && !codes_done && held - (step ? needed : 8'd0) <= 8'd64;

  logic takes_row, takes_word, takes_codes;
  assign takes_row   = row_valid && row_ready;
  assign takes_word  = index_valid && index_ready;
  assign takes_codes = value_valid && value_ready;

  logic [31:0] per_word, in_word;
  assign per_word = wide ? 32'd2 : 32'd4;
  assign in_word  = left < per_word ? left : per_word;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      busy       <= 1'b0;
      word_valid <= 1'b0;
      out_valid  <= 1'b0;
      // The rest is set before it is read.
      csr         <= 1'b0;
      wide        <= 1'b0;
      code_bits   <= 4'd0;
      first_bit   <= 3'd0;
      is_empty    <= 1'b0;
      has_values  <= 1'b0;
      left        <= 32'd0;
      base        <= 32'd0;
      word_last   <= 1'b0;
      word        <= 64'd0;
      word_left   <= 3'd0;
      codes       <= 128'd0;
      held        <= 8'd0;
      codes_begun <= 1'b0;
      codes_done  <= 1'b0;
      out_count   <= 4'd0;
      out_index   <= '0;
      out_code    <= '0;
      out_last    <= 1'b0;
    end else begin
      if (out_free) out_valid <= emits;
      if (emits) begin
        out_count <= count;
        out_index <= columns;
        out_code  <= those;
        out_last  <= row_ends;
      end

      if (step) begin
        word      <= rest;
        word_left <= word_left - count[2:0];
        if (exhausted) begin
          word_valid <= 1'b0;
          base       <= base + 32'd64;
        end
        if (row_ends) busy <= 1'b0;
      end
      if (takes_word) begin
        word       <= index_data;
        word_valid <= 1'b1;
        word_last  <= index_last;
        word_left  <= in_word[2:0];
        left       <= left - in_word;
      end

      // What leaves makes room for what comes, in the same cycle.
      if (step || takes_codes) begin
        if (takes_codes && !codes_begun) begin
          codes <= {64'd0, value_data >> first_bit};
          held  <= 8'd64 - 8'(first_bit);
        end else begin
          codes <= (codes >> (step ? needed : 8'd0)) |
                   (takes_codes ? {64'd0, value_data} << (held - (step ? needed : 8'd0)) : 128'd0);
          held  <= held - (step ? needed : 8'd0) + (takes_codes ? 8'd64 : 8'd0);
        end
        if (takes_codes) begin
          codes_begun <= 1'b1;
          codes_done  <= value_last;
        end
      end

      if (takes_row) begin
        busy        <= 1'b1;
        csr         <= row_csr;
        wide        <= row_wide;
        code_bits   <= row_code_bits;
        first_bit   <= row_first_bit;
        is_empty    <= row_csr && row_nonzeros == 32'd0;
        has_values  <= row_nonzeros != 32'd0;
        left        <= row_nonzeros;
        base        <= 32'd0;
        word_valid  <= 1'b0;
        codes       <= 128'd0;
        held        <= 8'd0;
        codes_begun <= 1'b0;
        codes_done  <= 1'b0;
      end
    end
  end

`ifdef FORMAL
  `include "index_decoder_properties.svh"
`endif
endmodule
