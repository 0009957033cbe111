// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/square_matrix.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace sonic::physics {

namespace {

using dense = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const dense> view(const square_matrix& matrix) {
  const auto size = static_cast<Eigen::Index>(matrix.size());
  return {matrix.data(), size, size};
}

Eigen::Map<const Eigen::VectorXd> view(const square_matrix& matrix, std::span<const double> vector) {
  if (vector.size() != matrix.size()) {
    throw std::domain_error("a vector is not as long as the matrix that it meets");
  }
  return {vector.data(), static_cast<Eigen::Index>(vector.size())};
}

std::vector<double> values_of(const Eigen::VectorXd& vector) {
  return {vector.data(), vector.data() + vector.size()};
}

} // namespace

std::vector<double> multiply(const square_matrix& matrix, std::span<const double> vector) {
  return values_of(view(matrix) * view(matrix, vector));
}

std::vector<double> solve(const square_matrix& matrix, std::span<const double> right_side) {
  const auto b = view(matrix, right_side);
  const Eigen::FullPivLU<dense> decomposition(view(matrix));
  if (!decomposition.isInvertible()) {
    throw std::domain_error("a linear system has no single solution");
  }
  return values_of(decomposition.solve(b));
}

square_matrix inverse(const square_matrix& matrix) {
  const Eigen::FullPivLU<dense> decomposition(view(matrix));
  if (!decomposition.isInvertible()) {
    throw std::domain_error("a matrix has no inverse");
  }
  const dense found = decomposition.inverse();
  square_matrix all(matrix.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < all.size(); ++j) {
      all(i, j) = found(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
    }
  }
  return all;
}

symmetric_eigenmodes eigenmodes(const square_matrix& matrix) {
  const auto m = view(matrix);
  const double largest = m.cwiseAbs().maxCoeff();
  if (!((m - m.transpose()).cwiseAbs().maxCoeff() <= 1e-12 * largest)) {
    throw std::domain_error("a matrix with these eigenmodes must be symmetric");
  }
  const Eigen::SelfAdjointEigenSolver<dense> solver(m);
  symmetric_eigenmodes modes{values_of(solver.eigenvalues()), square_matrix(matrix.size())};
  for (std::size_t row = 0; row < matrix.size(); ++row) {
    for (std::size_t column = 0; column < matrix.size(); ++column) {
      modes.vectors(row, column) =
          solver.eigenvectors()(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column));
    }
  }
  return modes;
}

double largest_difference(std::span<const double> a, std::span<const double> b) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(a[i] - b[i]));
  }
  return largest;
}

} // namespace sonic::physics
