// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace sonic::core {

/// Memory in large pages, where the system has them for the asking: for what is read all over at once, so that the
/// processor need not look up a page for every few values. Without them it is memory like any other.
template <class type>
class large_page_allocator {
public:
  using value_type = type;

  large_page_allocator() = default;
  template <class other>
  explicit large_page_allocator(const large_page_allocator<other>& /*same*/) {}

  [[nodiscard]] type* allocate(std::size_t count) {
    const std::size_t bytes = (count * sizeof(type) + page - 1) / page * page;
    void* const memory = std::aligned_alloc(page, bytes);
    if (memory == nullptr) {
      throw std::bad_alloc();
    }
#ifdef __linux__
    madvise(memory, bytes, MADV_HUGEPAGE); // a wish: nothing depends on the answer
#endif
    return static_cast<type*>(memory);
  }
  void deallocate(type* memory, std::size_t /*count*/) {
    std::free(memory);
  }

  friend bool operator==(const large_page_allocator&, const large_page_allocator&) {
    return true;
  }

private:
  static constexpr std::size_t page = std::size_t{1} << 21;
};

} // namespace sonic::core
