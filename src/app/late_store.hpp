// A store that may not be there yet, for a start without the database.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/ports/store.hpp"

namespace jobrun::app {

/// Until it has been opened, which every probe tries, whatever it is asked for throws StoreFailure. Readers may be
/// had before that.
class LateStore final : public Store {
 public:
  using Open = std::function<Result<std::unique_ptr<Store>>()>;

  /// `open` is called by one thread at a time, and not again once it has succeeded.
  explicit LateStore(Open open) : open_(std::move(open)) {}

  Result<void> open();
  std::unique_ptr<StoreBatch> begin(std::span<const Event* const> events) override;
  std::unique_ptr<StoreReader> reader() override;
  void tidy() override;
  Result<void> probe() override;
  /// Throws StoreFailure while it is not open.
  Store& opened() const;

 private:
  Open open_;
  mutable std::mutex mutex_;
  std::string why_not_ = "the database has not been opened yet";  ///< as the last try told
  std::unique_ptr<Store> store_;
  std::atomic<Store*> opened_ = nullptr;
};

}  // namespace jobrun::app
