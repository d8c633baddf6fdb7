// A spool that holds in memory what no disk takes, so that a caller need not wait for one: his text leaves first,
// and is made durable afterwards.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/ports/spool.hpp"

namespace jobrun::store {

/// What it holds comes after all that `inner` has, and goes into it before anything newer. It ends with the
/// process.
class HoldingSpool final : public Spool {
 public:
  static constexpr std::size_t held_max = 10'000;  ///< records; further ones are refused

  /// `inner` outlives it.
  explicit HoldingSpool(Spool& inner) : inner_(inner) {}

  Result<void> append(std::span<const SpoolRecord> records) override;
  Result<void> hold(std::span<const SpoolRecord> records) override;
  bool is_holding() const override { return held_count_ > 0; }
  Result<std::vector<SpoolRecord>> oldest(std::size_t most) override;
  void forget_oldest(std::size_t count) override;
  Result<std::vector<SpoolRecord>> all() override;
  Result<void> set_aside(const SpoolRecord& record) override { return inner_.set_aside(record); }
  bool is_empty() const override { return !is_holding() && inner_.is_empty(); }
  std::int64_t damaged() const override { return inner_.damaged(); }

  /// The texts of which something is in memory alone.
  std::unordered_set<std::string> texts_held() const;

 private:
  void let_go();

  Spool& inner_;
  mutable std::mutex mutex_;
  std::deque<SpoolRecord> held_;
  std::unordered_set<std::string> texts_;  ///< by id, promised by what is held
  std::atomic<std::size_t> held_count_ = 0;
  std::optional<std::size_t> given_;  ///< of held_, by oldest(); empty: that gave what `inner` has
};

}  // namespace jobrun::store
