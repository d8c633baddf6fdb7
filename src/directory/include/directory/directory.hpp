// Which role a number has, whose it is, and how we know: the answer to the first question of every call.
//
// Resolution order: number pool -> a client's own number -> the configured onboarding number -> unknown
// (SYSTEM). No other inference, ever. A Snapshot never changes once built; the Directory hands out the
// newest one. A million numbers take 16 MB and resolve in tens of nanoseconds.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/phone_number.hpp"
#include "base/ports/store.hpp"
#include "base/records.hpp"
#include "base/result.hpp"

namespace jobrun::directory {

/// What the settings say of numbers; they hold whatever the store says.
struct ConfiguredNumbers {
  std::optional<E164> onboarding;
  std::optional<E164> failsafe_sender;
  std::optional<E164> second_sender{};
};

struct Resolution {
  NumberRole role = NumberRole::system;
  RoleSource source = RoleSource::unknown;
  const ClientProfile* client = nullptr;  ///< lives as long as the snapshot
};

class Snapshot {
 public:
  /// Collects numbers and clients, then builds. Not thread-safe.
  class Builder {
   public:
    void reserve(std::size_t numbers) { numbers_.reserve(numbers); }
    void add(const ClientProfile& client) { clients_.push_back(client); }
    void add(const PoolNumber& number) { numbers_.push_back(number); }
    /// `version` is the store's directory version the content was read at.
    std::shared_ptr<const Snapshot> build(const ConfiguredNumbers& configured, std::int64_t version) &&;

   private:
    std::vector<ClientProfile> clients_;
    std::vector<PoolNumber> numbers_;
  };

  /// Never fails: a number nobody knows is SYSTEM.
  Resolution resolve(std::optional<E164> number) const;
  /// The client with that id; null when it does not exist or was removed.
  const ClientProfile* client(ClientId id) const;
  /// Ascending by id.
  const std::vector<ClientProfile>& clients() const { return clients_; }
  /// True for every number of the pool, of a client and of the settings.
  bool is_ours(E164 number) const;

  std::int64_t version() const { return version_; }
  /// Numbers that resolve to something other than unknown.
  std::size_t size() const { return size_; }

  /// Writes the content so that a crash at any moment leaves the old file or the new one, whole.
  Result<void> save(const std::string& path) const;
  /// Reads what save() wrote. A damaged, truncated or foreign file is an error, never a wrong answer.
  static Result<std::shared_ptr<const Snapshot>> load(const std::string& path,
                                                      const ConfiguredNumbers& configured);

 private:
  struct Slot {
    std::uint64_t digits = 0;          ///< 0: free
    std::uint32_t client = no_client;  ///< index into clients_
    NumberRole role = NumberRole::system;
    RoleSource source = RoleSource::unknown;
  };
  static constexpr std::uint32_t no_client = 0xFFFFFFFF;

  Snapshot() = default;
  const Slot* find(E164 number) const;
  void insert(E164 number, NumberRole role, RoleSource source, std::uint32_t client);
  std::uint32_t client_index(std::optional<ClientId> id) const;
  std::string encode() const;

  std::vector<Slot> slots_;             ///< open addressing, a power of two, at most 3/4 full
  std::vector<ClientProfile> clients_;  ///< ascending by id
  ConfiguredNumbers configured_;
  std::int64_t version_ = 0;
  std::size_t size_ = 0;
};

/// Reads all clients and numbers.
std::shared_ptr<const Snapshot> read_snapshot(StoreReader& reader, const ConfiguredNumbers& configured);

/// The newest snapshot. Callable on any thread.
class Directory {
 public:
  explicit Directory(std::shared_ptr<const Snapshot> first) : current_(std::move(first)) {}
  std::shared_ptr<const Snapshot> current() const {
    const std::lock_guard lock(mutex_);
    return current_;
  }
  void publish(std::shared_ptr<const Snapshot> next) {
    const std::lock_guard lock(mutex_);
    current_.swap(next);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> current_;
};

}  // namespace jobrun::directory
