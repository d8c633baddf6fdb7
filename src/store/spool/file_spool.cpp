#include "store/file_spool.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "base/rare_path.hpp"
#include "spool/record_codec.hpp"
#include "spool/records.hpp"

namespace jobrun::store {
namespace {

constexpr std::string_view prefix = "events-";
constexpr std::string_view suffix = ".spool";
constexpr int digits = 8;
constexpr std::string_view damaged_suffix = ".damaged";
constexpr std::string_view set_aside_suffix = ".set-aside";
constexpr std::string_view end_mark = "end of segment ";

std::string numbered(std::string_view before, std::uint64_t number, std::string_view after) {
  std::string text = std::to_string(number);
  if (text.size() < digits) text.insert(0, digits - text.size(), '0');
  return std::string(before) + text + std::string(after);
}

std::string name_of_segment(std::uint64_t number) {
  return numbered(prefix, number, suffix);
}

/// Of any file whose name we make, so that none is used twice.
std::optional<std::uint64_t> number_in(std::string_view name) {
  const std::size_t begin = name.find_first_of("0123456789");
  if (begin == std::string_view::npos) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data() + begin, name.data() + name.size(), number);
  return error == std::errc() ? std::optional(number) : std::nullopt;
}

/// A record that tells of another segment how much of it is good.
std::string end_of_segment(std::uint64_t segment, std::int64_t bytes) {
  return framed(std::string(end_mark) + std::to_string(segment) + " " + std::to_string(bytes));
}

struct SegmentEnd {
  std::uint64_t segment = 0;
  std::int64_t bytes = 0;
};

std::optional<SegmentEnd> end_in(std::string_view payload) {
  if (!payload.starts_with(end_mark)) return std::nullopt;
  payload.remove_prefix(end_mark.size());
  SegmentEnd end;
  const char* const last = payload.data() + payload.size();
  const auto first = std::from_chars(payload.data(), last, end.segment);
  if (first.ec != std::errc() || first.ptr == last) return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, last, end.bytes);
  return second.ec == std::errc() ? std::optional(end) : std::nullopt;
}

/// The records that a segment holds, and in how many places it holds none of ours.
struct Content {
  std::vector<SpoolRecord> records;
  std::size_t damaged = 0;
};

Content content_of(std::string_view bytes) {
  const Scan found = scan(bytes);
  Content content{.records = {}, .damaged = found.damaged};
  for (const std::string_view payload : found.payloads) {
    if (end_in(payload)) continue;
    if (Result<SpoolRecord> record = decode(payload)) {
      content.records.push_back(std::move(*record));
    } else {
      ++content.damaged;
    }
  }
  return content;
}

struct MuteMeter final : Meter {
  void count(Metric, std::string_view, std::string_view, double) override {}
  void set(Metric, double, std::string_view) override {}
  void observe(Metric, double) override {}
};
struct MuteLog final : Log {
  void write(const LogLine&) override {}
};

}  // namespace

Result<std::unique_ptr<FileSpool>> FileSpool::open(SpoolFiles& files, Meter& meter, Log& log, Options options) {
  std::unique_ptr<FileSpool> spool(new FileSpool(files, meter, log, options));
  if (Result<void> read = spool->read_segments(); !read) return std::unexpected(read.error());
  std::vector<std::uint64_t> used_up;
  for (const auto& [number, segment] : spool->segments_) {
    if (segment.records == 0) used_up.push_back(number);
  }
  for (const std::uint64_t number : used_up) spool->remove_segment(number);
  spool->tell_levels();
  // Room for some events is set aside now, while there may be some.
  if (Result<void> begun = spool->begin_segment(); !begun) return std::unexpected(begun.error());
  return spool;
}

Result<SpoolContent> FileSpool::look_into(SpoolFiles& files) {
  MuteMeter meter;
  MuteLog log;
  FileSpool spool(files, meter, log, {});
  if (Result<void> read = spool.read_segments(); !read) return std::unexpected(read.error());
  const Result<std::vector<std::string>> names = files.names();
  if (!names) return std::unexpected(names.error());
  const std::int64_t set_aside = std::ranges::count_if(*names, [](const std::string& name) {
    return name.ends_with(damaged_suffix) || name.ends_with(set_aside_suffix);
  });
  return SpoolContent{spool.levels_, set_aside};
}

Result<void> FileSpool::read_segments() {
  const Result<std::vector<std::string>> names = files_.names();
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names) {
    const std::optional<std::uint64_t> number = number_in(name);
    if (!number) continue;
    last_number_ = std::max(last_number_, *number);
    if (name == name_of_segment(*number)) segments_[*number];
  }
  if (Result<void> learned = learn_ends(); !learned) return learned;
  for (const auto& [number, segment] : segments_) {
    const Result<std::vector<SpoolRecord>> records = read_segment(number);
    if (!records) return std::unexpected(records.error());
    levels_.records += static_cast<std::int64_t>(records->size());
  }
  return {};
}

Result<void> FileSpool::learn_ends() {
  for (const auto& [number, segment] : segments_) {
    const Result<std::string> bytes = files_.read(name_of_segment(number));
    if (!bytes) return std::unexpected(bytes.error());
    for (const std::string_view payload : scan(*bytes).payloads) {
      const std::optional<SegmentEnd> end = end_in(payload);
      if (!end) continue;
      const auto ended = segments_.find(end->segment);
      if (ended != segments_.end()) ended->second.good_bytes = end->bytes;
    }
  }
  return {};
}

Result<std::string> FileSpool::good_bytes_of(std::uint64_t number) {
  Result<std::string> bytes = files_.read(name_of_segment(number));
  const std::optional<std::int64_t> good = segments_[number].good_bytes;
  if (bytes && good && *good < static_cast<std::int64_t>(bytes->size())) {
    bytes->resize(static_cast<std::size_t>(std::max<std::int64_t>(*good, 0)));
  }
  return bytes;
}

/// Learns what the segment is, and gives its records.
Result<std::vector<SpoolRecord>> FileSpool::read_segment(std::uint64_t number) {
  const Result<std::string> bytes = good_bytes_of(number);
  if (!bytes) return std::unexpected(bytes.error());
  Content content = content_of(*bytes);
  Segment& segment = segments_[number];
  levels_.bytes += static_cast<std::int64_t>(bytes->size()) - segment.bytes;
  segment.bytes = static_cast<std::int64_t>(bytes->size());
  segment.records = static_cast<std::int64_t>(content.records.size());
  if (content.damaged > 0 && !segment.is_damaged) note_damage(name_of_segment(number), content.damaged);
  segment.is_damaged = segment.is_damaged || content.damaged > 0;
  return std::move(content.records);
}

void FileSpool::note_damage(const std::string& name, std::size_t places) {
  seen(RarePath::spool_damaged);
  levels_.damaged += static_cast<std::int64_t>(places);
  meter_.count(Metric::spool_records_damaged, {}, {}, static_cast<double>(places));
  log_.write({LogLevel::critical,
              "a part of the spool cannot be read and is set aside; what is whole in it is used",
              "",
              {{"file", name}, {"places", std::to_string(places)}}});
}

Result<void> FileSpool::begin_segment() {
  const std::uint64_t number = last_number_ + 1;
  if (Result<void> created = files_.create(name_of_segment(number), options_.segment_bytes); !created)
    return created;
  last_number_ = number;
  active_ = number;
  segments_[number];
  return {};
}

Result<void> FileSpool::append(std::span<const SpoolRecord> records) {
  const std::lock_guard lock(mutex_);
  std::string bytes;
  for (const auto& [segment, good_bytes] : ends_to_tell_) bytes += end_of_segment(segment, good_bytes);
  for (const SpoolRecord& record : records) bytes += framed(encode(record));
  const auto size = static_cast<std::int64_t>(bytes.size());
  if (levels_.bytes + size > options_.bytes_max) {
    return failure(ErrorKind::unavailable, "the spool is full (" + std::to_string(options_.bytes_max) +
                                               " bytes); mend the database, which takes what is in it");
  }
  if (active_ && segments_[*active_].bytes >= options_.segment_bytes) active_.reset();
  if (!active_) {
    if (Result<void> begun = begin_segment(); !begun) return begun;
  }
  const std::int64_t good_bytes = segments_[*active_].bytes;
  Result<void> written = write(bytes, static_cast<std::int64_t>(records.size()));
  if (written) {
    ends_to_tell_.clear();
  } else {
    // What stands behind its good end is anybody's guess, and nobody's loss.
    segments_[*active_].good_bytes = good_bytes;
    ends_to_tell_[*active_] = good_bytes;
    active_.reset();
  }
  tell_levels();
  return written;
}

Result<void> FileSpool::write(const std::string& bytes, std::int64_t records) {
  const std::string name = name_of_segment(*active_);
  Segment& segment = segments_[*active_];
  segment.bytes += static_cast<std::int64_t>(bytes.size());
  levels_.bytes += static_cast<std::int64_t>(bytes.size());
  if (Result<void> appended = files_.append(name, bytes); !appended) return appended;
  if (Result<void> synced = files_.sync(name); !synced) return synced;
  segment.records += records;
  levels_.records += records;
  return {};
}

Result<std::vector<SpoolRecord>> FileSpool::oldest(std::size_t most) {
  const std::lock_guard lock(mutex_);
  while (!reading_ || reading_->records.empty()) {
    if (reading_) end_reading();
    const auto first = std::ranges::find_if(
        segments_, [this](const auto& entry) { return entry.second.bytes > 0 || entry.first != active_; });
    if (first == segments_.end()) return std::vector<SpoolRecord>{};
    const std::uint64_t number = first->first;
    if (active_ == number) active_.reset();
    const std::int64_t known = first->second.records;
    Result<std::vector<SpoolRecord>> records = read_segment(number);
    if (!records && records.error().kind == ErrorKind::not_found) {
      forget_lost(number);
      continue;
    }
    if (!records) return records;
    levels_.records += static_cast<std::int64_t>(records->size()) - known;
    tell_levels();
    reading_.emplace(number, std::deque(std::move_iterator(records->begin()), std::move_iterator(records->end())));
  }
  const auto count = static_cast<std::ptrdiff_t>(std::min(most, reading_->records.size()));
  return std::vector(reading_->records.begin(), reading_->records.begin() + count);
}

/// Of the segment that is being taken out, what has not been; of the others everything.
Result<std::vector<SpoolRecord>> FileSpool::all() {
  const std::lock_guard lock(mutex_);
  std::vector<SpoolRecord> all;
  if (reading_) all.assign(reading_->records.begin(), reading_->records.end());
  for (const auto& [number, segment] : segments_) {
    if (reading_ && reading_->segment == number) continue;
    const Result<std::string> bytes = good_bytes_of(number);
    if (!bytes) return std::unexpected(bytes.error());
    std::ranges::move(content_of(*bytes).records, std::back_inserter(all));
  }
  return all;
}

void FileSpool::forget_oldest(std::size_t count) {
  const std::lock_guard lock(mutex_);
  if (!reading_) return;
  count = std::min(count, reading_->records.size());
  reading_->records.erase(reading_->records.begin(),
                          reading_->records.begin() + static_cast<std::ptrdiff_t>(count));
  segments_[reading_->segment].records -= static_cast<std::int64_t>(count);
  levels_.records -= static_cast<std::int64_t>(count);
  if (reading_->records.empty()) end_reading();
  tell_levels();
}

/// Somebody has taken the file away: what was in it must not keep the others waiting.
void FileSpool::forget_lost(std::uint64_t number) {
  const Segment segment = segments_[number];
  segments_.erase(number);
  levels_.bytes -= segment.bytes;
  levels_.records -= segment.records;
  if (segment.records > 0) note_damage(name_of_segment(number), 1);
  tell_levels();
}

/// Room for the next events is set aside at once, while there may be some.
void FileSpool::end_reading() {
  const std::uint64_t number = reading_->segment;
  reading_.reset();
  remove_segment(number);
  if (!active_) static_cast<void>(begin_segment());
}

/// A file that cannot be removed is read once more by the next process; its events are known by then.
void FileSpool::remove_segment(std::uint64_t number) {
  const std::string name = name_of_segment(number);
  const Segment segment = segments_[number];
  segments_.erase(number);
  levels_.bytes -= segment.bytes;
  const Result<void> gone =
      segment.is_damaged ? files_.rename(name, name + std::string(damaged_suffix)) : files_.remove(name);
  if (!gone) {
    log_.write({LogLevel::warning,
                "a segment of the spool that has been used up stays in its folder",
                "",
                {{"file", name}, {"error", gone.error().message}}});
  }
}

Result<void> FileSpool::set_aside(const SpoolRecord& record) {
  const std::lock_guard lock(mutex_);
  const std::string name = numbered("event-", ++last_number_, set_aside_suffix);
  active_.reset();  // one file is appended to at a time
  if (Result<void> created = files_.create(name, 0); !created) return created;
  if (Result<void> appended = files_.append(name, framed(encode(record))); !appended) return appended;
  return files_.sync(name);
}

bool FileSpool::is_empty() const {
  return records_ == 0;
}

std::int64_t FileSpool::damaged() const {
  return levels().damaged;
}

FileSpoolLevels FileSpool::levels() const {
  const std::lock_guard lock(mutex_);
  return levels_;
}

void FileSpool::tell_levels() {
  records_ = levels_.records;
  meter_.set(Metric::spool_records, static_cast<double>(levels_.records));
  meter_.set(Metric::spool_bytes, static_cast<double>(levels_.bytes));
  const bool is_alarming = levels_.bytes >= options_.bytes_alarm;
  if (is_alarming && !has_alarmed_) {
    log_.write({LogLevel::critical,
                "THE SPOOL IS FILLING UP: once it is full, webhooks are refused",
                "",
                {{"bytes", std::to_string(levels_.bytes)}, {"bytes_max", std::to_string(options_.bytes_max)}}});
  }
  has_alarmed_ = is_alarming;
}

}  // namespace jobrun::store
