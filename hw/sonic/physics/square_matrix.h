// SPDX-License-Identifier: Apache-2.0
// Small dense matrices as values, and the linear algebra that a bank of rings needs of them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sonic::physics {

/// A square matrix, row after row.
class square_matrix {
public:
  explicit square_matrix(std::size_t size) : size_(size), values_(size * size, 0.0) {}

  [[nodiscard]] std::size_t size() const { return size_; }
  double& operator()(std::size_t row, std::size_t column) { return values_[row * size_ + column]; }
  double operator()(std::size_t row, std::size_t column) const { return values_[row * size_ + column]; }
  [[nodiscard]] const double* data() const { return values_.data(); }

private:
  std::size_t size_;
  std::vector<double> values_;
};

/// matrix x vector.
/// @throws std::domain_error unless the vector is as long as the matrix
std::vector<double> multiply(const square_matrix& matrix, std::span<const double> vector);

/// The x of matrix x = right_side, by LU decomposition with full pivoting.
/// @throws std::domain_error for another length, or a matrix that is singular in double precision
std::vector<double> solve(const square_matrix& matrix, std::span<const double> right_side);

/// The inverse, as solve() of every unit vector.
/// @throws std::domain_error as solve() does
square_matrix inverse(const square_matrix& matrix);

/// matrix = vectors diag(values) vectors^T.
struct symmetric_eigenmodes {
  std::vector<double> values; ///< ascending
  square_matrix vectors;      ///< orthonormal, one a column
};

/// @throws std::domain_error for a matrix that is not symmetric to 1e-12 of its largest element
symmetric_eigenmodes eigenmodes(const square_matrix& matrix);

/// The largest magnitude of a difference between two vectors, both as long.
double largest_difference(std::span<const double> a, std::span<const double> b);

} // namespace sonic::physics
