// The spool in files: where Events go while the database cannot take them.
//
// Segments are only appended to, and each record carries its length and a checksum, so that whatever a crash, a
// full disk or a bad sector has left is told apart from what was acknowledged: the good records are used, the rest
// is set aside. A segment is removed once the database has taken all of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/ports/meter.hpp"
#include "base/ports/spool.hpp"
#include "store/spool_files.hpp"

namespace jobrun::store {

struct FileSpoolOptions {
  std::int64_t bytes_max = 64 << 20;     ///< further events are refused
  std::int64_t bytes_alarm = 16 << 20;   ///< a critical log line says how full it is
  std::int64_t segment_bytes = 1 << 20;  ///< a segment that has reached this is followed by another
};

struct FileSpoolLevels {
  std::int64_t records = 0;  ///< that wait; those of damaged places are not among them
  std::int64_t bytes = 0;
  std::int64_t damaged = 0;  ///< places set aside since the start
};

/// What stands in the files of a spool.
struct SpoolContent {
  FileSpoolLevels levels;      ///< of its segments, as an open() would find them
  std::int64_t set_aside = 0;  ///< files that are kept for a person
};

/// Callable on any thread; calls wait for each other.
class FileSpool final : public Spool {
 public:
  using Options = FileSpoolOptions;

  /// Reads what a former process left. `files`, `meter` and `log` outlive it. Fails when a file cannot be read: a
  /// service must not begin without what it has acknowledged.
  static Result<std::unique_ptr<FileSpool>> open(SpoolFiles& files, Meter& meter, Log& log, Options options = {});
  /// Changes nothing. Beside a service that uses the spool it may find a record half written, or fail with
  /// `not_found` because a segment has just been used up.
  static Result<SpoolContent> look_into(SpoolFiles& files);

  Result<void> append(std::span<const SpoolRecord> records) override;
  Result<std::vector<SpoolRecord>> oldest(std::size_t most) override;
  void forget_oldest(std::size_t count) override;
  Result<std::vector<SpoolRecord>> all() override;
  Result<void> set_aside(const SpoolRecord& record) override;
  bool is_empty() const override;
  std::int64_t damaged() const override;
  FileSpoolLevels levels() const;

 private:
  struct Segment {
    std::int64_t bytes = 0;
    std::optional<std::int64_t> good_bytes;  ///< what follows was never acknowledged
    std::int64_t records = 0;
    bool is_damaged = false;
  };
  /// The oldest segment, read.
  struct Reading {
    std::uint64_t segment;
    std::deque<SpoolRecord> records;
  };

  FileSpool(SpoolFiles& files, Meter& meter, Log& log, Options options)
      : files_(files), meter_(meter), log_(log), options_(options) {}
  Result<std::vector<SpoolRecord>> read_segment(std::uint64_t number);
  Result<void> begin_segment();
  Result<void> write(const std::string& bytes, std::int64_t records);
  Result<std::string> good_bytes_of(std::uint64_t number);
  Result<void> read_segments();
  Result<void> learn_ends();
  void forget_lost(std::uint64_t number);
  void end_reading();
  void remove_segment(std::uint64_t number);
  void tell_levels();
  void note_damage(const std::string& name, std::size_t places);

  SpoolFiles& files_;
  Meter& meter_;
  Log& log_;
  Options options_;
  mutable std::mutex mutex_;
  std::map<std::uint64_t, Segment> segments_;  ///< that hold something, or take the next events
  std::optional<std::uint64_t> active_;        ///< takes the next events
  std::optional<Reading> reading_;
  std::map<std::uint64_t, std::int64_t>
      ends_to_tell_;  ///< `good_bytes` by segment, to be written with what is next
  std::uint64_t last_number_ = 0;
  bool has_alarmed_ = false;
  FileSpoolLevels levels_;
  std::atomic<std::int64_t> records_ = 0;  ///< as in the levels, for whoever must not wait
};

}  // namespace jobrun::store
