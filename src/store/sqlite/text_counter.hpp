// How many first texts a day has seen, without a read and a write for each of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/ids.hpp"
#include "base/ports/store.hpp"
#include "sqlite/connection.hpp"

namespace jobrun::store {

/// The counts of texts per day, kept in memory by the one writer and written once per batch.
///
/// Holds at most 4,096 counts between batches; then it forgets them and reads them again. Belongs to the writer's
/// thread.
class TextCounter {
 public:
  explicit TextCounter(SQLite::Database& database);

  TextCounts counts(std::optional<ClientId> client, std::string_view country, std::int64_t day);
  void add(std::optional<ClientId> client, std::string_view country, std::int64_t day);

  /// Where undo_to() may return to; valid until the batch ends.
  std::size_t mark() const { return added_.size(); }
  void undo_to(std::size_t mark);

  /// Writes what the batch counted.
  void flush();
  /// The batch is durable.
  void keep();
  /// The batch is void, or somebody else wrote to the file: what is in memory may not be what is stored.
  void forget();

 private:
  struct Key {
    std::int64_t day;
    std::int64_t whose;
    friend bool operator==(Key, Key) = default;
  };
  struct KeyHash {
    std::size_t operator()(Key key) const {
      return static_cast<std::size_t>(key.whose) * 0x9E3779B97F4A7C15ULL + static_cast<std::size_t>(key.day);
    }
  };
  struct Count {
    std::int64_t texts = 0;
    bool is_written = true;
  };

  Count& count_of(Key key);

  Statement find_;
  Statement write_;
  std::unordered_map<Key, Count, KeyHash> counts_;
  std::vector<Key> added_;
};

}  // namespace jobrun::store
