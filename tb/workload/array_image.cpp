// SPDX-License-Identifier: Apache-2.0
// PNG through libpng, and the portable anymaps PGM and PPM (https://netpbm.sourceforge.net/doc/).
#include "tb/workload/array_formats.h"

#include "sonic/core/error.h"

#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>
#include <memory>

namespace sonic::workload {

namespace {

constexpr std::int64_t largest_side = 1 << 15;

/// Samples interleaved as the file has them, of one or two bytes (big-endian), to (1, channels, height, width).
tensor planes(const std::vector<unsigned char>& samples, std::int64_t channels, std::int64_t height, std::int64_t width,
              bool wide, double largest) {
  tensor image{{1, channels, height, width}, std::vector<float>(static_cast<std::size_t>(channels * height * width))};
  const auto area = static_cast<std::size_t>(height * width);
  const auto depth = static_cast<std::size_t>(channels);
  for (std::size_t i = 0; i < area * depth; ++i) {
    const unsigned sample = wide ? unsigned{samples[2 * i]} << 8 | samples[2 * i + 1] : samples[i];
    image.values[i % depth * area + i / depth] = static_cast<float>(static_cast<double>(sample) / largest);
  }
  return image;
}

std::int64_t checked_area(std::int64_t height, std::int64_t width, const std::string& where) {
  if (height < 1 || width < 1 || height > largest_side || width > largest_side) {
    throw core::user_error(where, "its size is " + std::to_string(width) + " x " + std::to_string(height),
                           "sides lie between 1 and " + std::to_string(largest_side));
  }
  return array_count({3, height, width}, where) / 3;
}

/// What libpng's callbacks share. libpng leaves by longjmp, so nothing here has a destructor that it would skip.
struct png_session {
  const char* data;
  std::size_t size;
  std::size_t at;
  png_structp png;
  png_infop info;
  png_uint_32 width, height;
  int channels;
  int bits;
};

void png_take(png_structp png, png_bytep target, png_size_t count) {
  auto* session = static_cast<png_session*>(png_get_io_ptr(png));
  if (count > session->size - session->at) {
    png_error(png, "truncated");
  }
  std::memcpy(target, session->data + session->at, count);
  session->at += count;
}

void png_fail(png_structp png, png_const_charp) {
  png_longjmp(png, 1);
}
void png_ignore(png_structp, png_const_charp) {}

/// Reads the header and sets the conversion to grey or RGB of 8 or 16 bits.
bool png_read_head(png_session& session) {
  if (setjmp(png_jmpbuf(session.png)) != 0) { // NOLINT(cert-err52-cpp): libpng's interface
    return false;
  }
  png_set_user_limits(session.png, largest_side, largest_side);
  png_set_read_fn(session.png, &session, png_take);
  png_read_info(session.png, session.info);
  png_set_palette_to_rgb(session.png);
  png_set_expand_gray_1_2_4_to_8(session.png);
  png_set_strip_alpha(session.png);
  png_set_interlace_handling(session.png);
  png_read_update_info(session.png, session.info);
  session.width = png_get_image_width(session.png, session.info);
  session.height = png_get_image_height(session.png, session.info);
  session.channels = png_get_channels(session.png, session.info);
  session.bits = png_get_bit_depth(session.png, session.info);
  return true;
}

bool png_read_body(png_session& session, png_bytepp rows) {
  if (setjmp(png_jmpbuf(session.png)) != 0) { // NOLINT(cert-err52-cpp): libpng's interface
    return false;
  }
  png_read_image(session.png, rows);
  png_read_end(session.png, nullptr);
  return true;
}

/// Reads one token of a portable anymap: blanks and comments separate them.
class anymap_tokens {
public:
  anymap_tokens(std::string_view bytes, const std::string& where) : bytes_(bytes), where_(where) {}

  std::int64_t number(std::int64_t largest) {
    skip_blanks();
    std::int64_t value = 0;
    const std::size_t first = at_;
    for (; at_ < bytes_.size() && bytes_[at_] >= '0' && bytes_[at_] <= '9' && value <= largest; ++at_) {
      value = value * 10 + (bytes_[at_] - '0');
    }
    if (at_ == first || value > largest) {
      throw core::user_error(where_, "it is truncated, or a number is malformed or above " + std::to_string(largest),
                             "");
    }
    return value;
  }
  /// What follows the one blank that ends the header.
  std::string_view rest() { return bytes_.substr(std::min(at_ + 1, bytes_.size())); }

private:
  void skip_blanks() {
    bool comment = false;
    for (; at_ < bytes_.size(); ++at_) {
      const char c = bytes_[at_];
      comment = c == '#' || (comment && c != '\n' && c != '\r');
      if (!comment && c != ' ' && c != '\t' && c != '\n' && c != '\r') {
        return;
      }
    }
  }

  std::string_view bytes_;
  const std::string& where_;
  std::size_t at_ = 2; // after the magic
};

} // namespace

bool is_png(std::string_view bytes) {
  return bytes.substr(0, 8) == "\x89PNG\r\n\x1a\n";
}

tensor decode_png(std::string_view bytes, const std::string& where) {
  png_session session{bytes.data(), bytes.size(), 0, nullptr, nullptr, 0, 0, 0, 0};
  session.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, png_fail, png_ignore);
  session.info = session.png != nullptr ? png_create_info_struct(session.png) : nullptr;
  const auto destroy = [](png_session* s) { png_destroy_read_struct(&s->png, &s->info, nullptr); };
  const std::unique_ptr<png_session, decltype(destroy)> cleaner(&session, destroy);
  const char* const problem = "it is a damaged or truncated PNG image";
  if (session.info == nullptr || !png_read_head(session)) {
    throw core::user_error(where, problem, "");
  }
  checked_area(session.height, session.width, where);
  const bool wide = session.bits == 16;
  const std::size_t row_bytes =
      std::size_t{session.width} * static_cast<std::size_t>(session.channels) * (wide ? 2 : 1);
  std::vector<unsigned char> samples(row_bytes * session.height);
  std::vector<png_bytep> rows;
  for (std::size_t row = 0; row < session.height; ++row) {
    rows.push_back(samples.data() + row * row_bytes);
  }
  if (!png_read_body(session, rows.data())) {
    throw core::user_error(where, problem, "");
  }
  return planes(samples, session.channels, session.height, session.width, wide, wide ? 65535.0 : 255.0);
}

bool is_portable_anymap(std::string_view bytes) {
  return bytes.size() > 2 && bytes[0] == 'P' && std::string_view("2356").find(bytes[1]) != std::string_view::npos &&
         std::string_view(" \t\r\n#").find(bytes[2]) != std::string_view::npos;
}

tensor decode_portable_anymap(std::string_view bytes, const std::string& where) {
  const bool text = bytes[1] == '2' || bytes[1] == '3';
  const std::int64_t channels = bytes[1] == '2' || bytes[1] == '5' ? 1 : 3;
  anymap_tokens tokens(bytes, where);
  const std::int64_t width = tokens.number(largest_side);
  const std::int64_t height = tokens.number(largest_side);
  const std::int64_t largest = tokens.number(65535);
  const auto count = static_cast<std::size_t>(checked_area(height, width, where) * channels);
  if (largest < 1) {
    throw core::user_error(where, "its largest sample is 0", "it must be at least 1");
  }
  const bool wide = text || largest > 255;
  std::vector<unsigned char> samples;
  if (text) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::int64_t sample = tokens.number(largest);
      samples.push_back(static_cast<unsigned char>(sample >> 8));
      samples.push_back(static_cast<unsigned char>(sample & 0xFF));
    }
  } else {
    const std::string_view data = tokens.rest();
    const std::size_t needed = count * (wide ? 2 : 1);
    if (data.size() < needed) {
      throw core::user_error(
          where, "it holds " + std::to_string(data.size()) + " bytes of samples, but needs " + std::to_string(needed),
          "");
    }
    samples.assign(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(needed));
  }
  tensor image = planes(samples, channels, height, width, wide, static_cast<double>(largest));
  if (*std::max_element(image.values.begin(), image.values.end()) > 1.0F) {
    throw core::user_error(where, "a sample exceeds its largest, " + std::to_string(largest), "");
  }
  return image;
}

} // namespace sonic::workload
