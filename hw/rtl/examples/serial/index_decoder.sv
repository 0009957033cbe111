// SPDX-License-Identifier: Apache-2.0
// Another index_decoder behind the same ports, as an example of one's own: a single pair at a time whatever LANES is,
// no register behind the output, one word of codes. Smaller and slower; docs/rtl/index_decoder.md uses it.
module index_decoder #(
    parameter int LANES = 5
) (
    input  logic                  clk,
    input  logic                  rst_n,
    input  logic                  row_valid,
    output logic                  row_ready,
    input  logic                  row_csr,
    input  logic                  row_wide,
    input  logic [31:0]           row_nonzeros,
    input  logic [ 3:0]           row_code_bits,
    input  logic [ 2:0]           row_first_bit,
    input  logic                  index_valid,
    output logic                  index_ready,
    input  logic [63:0]           index_data,
    input  logic                  index_last,
    input  logic                  value_valid,
    output logic                  value_ready,
    input  logic [63:0]           value_data,
    input  logic                  value_last,
    output logic                  out_valid,
    input  logic                  out_ready,
    output logic [ 3:0]           out_count,
    output logic [LANES*32-1:0]   out_index,
    output logic [LANES*8-1:0]    out_code,
    output logic                  out_last
);
  logic        busy, csr, wide, word_valid, word_last, begun;
  logic [63:0] word;
  logic [31:0] base, nonzeros, left;  // left: pairs of the row still to come
  logic [ 2:0] word_left;             // CSR: columns in the word
  logic [ 3:0] bits;
  logic [ 2:0] first;
  logic [71:0] codes;
  logic [ 6:0] held;

  // The lowest bit of the word, or its first column.
  logic [31:0] column;
  always_comb begin
    column = csr ? (wide ? word[31:0] : {16'd0, word[15:0]}) : 32'd0;
    if (!csr) for (int i = 63; i >= 0; i--) if (word[i]) column = base + 32'(i);
  end
  logic any, needs_word, needs_code;
  assign any        = word_valid && (csr ? word_left != 3'd0 : word != 64'd0);
  assign needs_word = busy && !any && (!word_valid || !word_last) && !(csr && nonzeros == 32'd0);
  assign needs_code = busy && left != 32'd0 && held < {3'd0, bits};

  logic finished;  // a row of which nothing is left but its last beat
  assign finished    = busy && left == 32'd0 && (word_valid ? word_last && !any : csr && nonzeros == 32'd0);
  assign out_valid   = (any && !needs_code) || finished;
  assign out_count   = any ? 4'd1 : 4'd0;
  assign out_last    = finished || (left == 32'd1 && word_last && (csr ? word_left == 3'd1 : (word & (word - 64'd1)) == 64'd0));
  always_comb begin
    out_index = '0;
    out_code  = '0;
    if (any) begin
      out_index[31:0] = column;
      out_code[7:0]   = codes[7:0] & ~(8'hFF << bits);
    end
  end

  assign row_ready   = !busy;
  assign index_ready = needs_word;
  assign value_ready = needs_code;

  logic [31:0] remaining;  // CSR: columns not yet in a word
  logic gives;
  assign gives = out_valid && out_ready;
  // The rest of an old code stays below the new word.
  logic [71:0] joined;
  assign joined = begun ? codes | ({8'd0, value_data} << held) : {8'd0, value_data >> first};

  always_ff @(posedge clk) begin
    if (!rst_n) busy <= 1'b0;
    else if (row_valid && row_ready) begin
      busy       <= 1'b1;
      csr        <= row_csr;
      wide       <= row_wide;
      nonzeros   <= row_nonzeros;
      left       <= row_nonzeros;
      remaining  <= row_nonzeros;
      bits       <= row_code_bits;
      first      <= row_first_bit;
      word_valid <= 1'b0;
      word_last  <= 1'b0;
      begun      <= 1'b0;
      base       <= 32'd0 - 32'd64;
      codes      <= 72'd0;
      held       <= 7'd0;
    end else begin
      if (index_valid && index_ready) begin
        word       <= index_data;
        word_valid <= 1'b1;
        word_last  <= index_last;
        base       <= base + 32'd64;
        word_left  <= wide ? (remaining < 32'd2 ? remaining[2:0] : 3'd2) : (remaining < 32'd4 ? remaining[2:0] : 3'd4);
        remaining  <= remaining - (wide ? (remaining < 32'd2 ? remaining : 32'd2) : (remaining < 32'd4 ? remaining : 32'd4));
      end
      if (value_valid && value_ready) begin
        codes <= joined;
        held  <= begun ? held + 7'd64 : 7'd64 - {4'd0, first};
        begun <= 1'b1;
      end
      if (gives && any) begin
        word      <= csr ? (wide ? word >> 32 : word >> 16) : word & (word - 64'd1);
        word_left <= word_left - 3'd1;
        left      <= left - 32'd1;
        codes     <= codes >> bits;
        held      <= held - {3'd0, bits};
      end
      if (gives && out_last) busy <= 1'b0;
    end
  end

  logic unused;
  assign unused = value_last;
endmodule
