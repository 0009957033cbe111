// SPDX-License-Identifier: Apache-2.0
// What a comparison of accelerators found: the table, the JSON file, the web page and the pictures are made from it.
#pragma once

#include "sonic/energy/energy.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sonic::report {

enum class ratio_kind : std::uint8_t { fps_per_watt, energy_per_bit };

/// What an energy per bit is divided by: bits of operands that were moved, or parameters x 16.
enum class bit_kind : std::uint8_t { operand, parameter };

/// How the networks' ratios become one.
enum class average_kind : std::uint8_t { ratios, means };

enum class absolute_measure : std::uint8_t { fps_per_watt, gop_per_s_per_watt, pj_per_bit };

std::string to_string(ratio_kind kind);
std::string to_string(bit_kind kind);
std::string to_string(average_kind kind);
std::string to_string(absolute_measure measure);

/// A network and what its frames asked for, mean of a frame.
struct compared_network {
  std::string name, model;
  std::string images; ///< where its frames came from
  bool synthetic = false;
  std::uint64_t frames = 0;
  std::int64_t parameters = 0;
  double products = 0.0;         ///< with no zero skipped
  double weight_zeros = 0.0;     ///< share of the products whose weight is zero
  double activation_zeros = 0.0; ///< whose activation is
};

/// One accelerator on one network. What is not known is no number.
struct accelerator_figures {
  double frames_per_second = 0.0, power_w = 0.0, frames_per_second_per_watt = 0.0;
  double energy_pj = 0.0; ///< of a frame
  double operand_bits = 0.0;
  double epb_operand_pj = 0.0, epb_parameter_pj = 0.0;
  std::vector<energy::line> lines; ///< of a frame, by device; electronic ones have none
};

struct compared_accelerator {
  std::string name, file;
  bool electronic = false;
  bool calibrated = false;                  ///< fitted to a published ratio: checks nothing
  std::vector<accelerator_figures> figures; ///< by network
};

/// How much better the reference is: its frames per joule over the accelerator's, the accelerator's energy per bit over
/// its own.
struct ratio_line {
  std::string accelerator;
  ratio_kind kind = ratio_kind::fps_per_watt;
  std::vector<double> by_network;
  double mean_of_ratios = 0.0, ratio_of_means = 0.0;
  std::optional<double> published;
  std::string source, hangs_on;
  bool calibrated = false;
};

/// A figure from elsewhere beside ours.
struct absolute_line {
  std::string name, accelerator, source, source_kind, about;
  absolute_measure measure = absolute_measure::fps_per_watt;
  double value = 0.0;     ///< as published
  double ours = 0.0;      ///< what this model gives the same accelerator, mean over the networks
  double reference = 0.0; ///< what the reference has, mean over the networks
};

/// The compared ratios under one choice.
struct choice_line {
  std::string name, about;
  std::vector<double> ratios; ///< of those with a published value, in their order
  double distance = 0.0;      ///< to the published ones
};

struct assumption_line {
  std::string name, about;
  std::vector<choice_line> choices; ///< the default first; all others as by default
};

/// A choice for each assumption.
struct combination_line {
  std::vector<std::string> choices;
  std::vector<double> ratios;
  double distance = 0.0;
};

struct sensitivity_report {
  std::vector<assumption_line> assumptions;
  std::uint64_t combinations = 0;        ///< that were tried
  std::vector<combination_line> closest; ///< ascending distance
};

struct comparison_report {
  std::string name, file;
  std::string reference;
  std::vector<compared_network> networks;
  std::vector<compared_accelerator> accelerators;
  std::vector<ratio_line> ratios;
  std::vector<absolute_line> absolutes;
  double distance = 0.0; ///< of the ratios to the published ones: root mean square of log(ratio / published)
  std::optional<sensitivity_report> sensitivity;
  std::uint64_t simulations = 0;
  bool passed = false; ///< every simulation's outputs were those of the reference model
  std::string failure;
};

/// The ratios that have a published value.
std::vector<const ratio_line*> published_ratios(const comparison_report& r);

/// Root mean square of log(ratio / published): 0 if they are equal, 0.69 if they differ by a factor of two all.
double log_distance(const std::vector<double>& ratios, const std::vector<double>& published);

/// Tables for the terminal.
std::string to_text(const comparison_report& r);

/// The JSON of docs/compare.schema.json.
std::string to_json(const comparison_report& r);

/// A web page that needs nothing else, with charts by Chart.js.
std::string to_html(const comparison_report& r);

/// Bars of the ratios with published marks, of frames per joule and energy per bit.
std::string ratios_svg(const comparison_report& r);

/// Energy of a frame by device, relative to the reference's; photonic accelerators on each network.
std::string energy_svg(const comparison_report& r);

} // namespace sonic::report
