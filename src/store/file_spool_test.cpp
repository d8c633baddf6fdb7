#include "store/file_spool.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <map>
#include <random>

#include "spool/record_codec.hpp"
#include "spool/records.hpp"
#include "store_test_support.hpp"

namespace jobrun::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace fs = std::filesystem;

struct CountingMeter final : Meter {
  std::map<Metric, double> counted;
  void count(Metric counter, std::string_view, std::string_view, double by) override { counted[counter] += by; }
  void set(Metric gauge, double value, std::string_view) override { counted[gauge] = value; }
  void observe(Metric, double) override {}
};
struct KeptLog final : Log {
  std::vector<std::string> lines;
  void write(const LogLine& line) override { lines.push_back(line.message); }
};

SpooledEvent a_call(int n) {
  return a_spooled_call("CA" + std::to_string(n));
}

std::optional<SpooledEvent> event_in(const std::string& bytes) {
  const Result<SpoolRecord> record = decode(bytes);
  return record ? std::optional(std::get<SpooledEvent>(*record)) : std::nullopt;
}

std::string call_of(const SpoolRecord& record) {
  return call_details(std::get<SpooledEvent>(record).event).call_sid.text();
}

// Goal: a record that is nested without end does not end the process, whoever wrote it.
// Method: as many arrays in each other as a segment may hold bytes.
TEST(SpoolRecords, AreNotReadTooDeeply) {
  constexpr std::size_t deep = 1 << 20;
  for (const char nested : {'\x81', '\x9F', '\xA1'}) EXPECT_FALSE(decode(std::string(deep, nested)));
}

class FileSpoolTest : public testing::Test {
 protected:
  std::string folder() const { return (directory_.path() / "spool").string(); }
  /// A former spool must be gone.
  FileSpool& open(FileSpoolOptions options = {}) {
    spool_.reset();
    auto files = open_spool_folder(folder());
    EXPECT_TRUE(files) << files.error().message;
    files_ = std::move(*files);
    auto opened = FileSpool::open(*files_, meter_, log_, options);
    EXPECT_TRUE(opened) << opened.error().message;
    spool_ = std::move(*opened);
    return *spool_;
  }
  void append(int first, int last) {
    std::vector<SpoolRecord> events;
    for (int n = first; n <= last; ++n) events.push_back(a_call(n));
    const Result<void> kept = spool_->append(events);
    EXPECT_TRUE(kept) << kept.error().message;
  }
  /// The calls of all that is in it, oldest first; it is empty afterwards.
  std::vector<std::string> drain(std::size_t most = 3) {
    std::vector<std::string> calls;
    for (;;) {
      const auto events = spool_->oldest(most);
      EXPECT_TRUE(events) << events.error().message;
      if (!events || events->empty()) return calls;
      for (const SpoolRecord& event : *events) calls.push_back(call_of(event));
      spool_->forget_oldest(events->size());
    }
  }
  /// Segments that hold something, oldest first.
  std::vector<fs::path> segments() const {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(folder())) {
      if (entry.path().extension() == ".spool" && entry.file_size() > 0) paths.push_back(entry.path());
    }
    std::ranges::sort(paths);
    return paths;
  }
  std::vector<std::string> names_ending(const std::string& ending) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder())) {
      if (entry.path().filename().string().ends_with(ending)) names.push_back(entry.path().filename().string());
    }
    return names;
  }
  static std::string content_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void put(const fs::path& path, const std::string& content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
  }

  CountingMeter meter_;
  KeptLog log_;

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<SpoolFiles> files_;
  std::unique_ptr<FileSpool> spool_;
};

// Goal: every field of every kind of event comes back as it was, whatever bytes it holds.
// Method: events with all fields and with none; fields that are no UTF-8.
TEST(EventCodec, BringsBackEveryField) {
  const CallDetails all{.call_sid = sid("CA1"),
                        .caller = Caller::parse("+266696687"),
                        .number = business_number,
                        .number_text = std::string("\xff\x00\xfe", 3),
                        .forwarded_from = owner_phone,
                        .is_inbound_parent = false,
                        .parent = sid("CA2"),
                        .origin = Origin::sweep,
                        .verification = CallerVerification::not_verified};
  const CallDetails none{.call_sid = sid("CA1"),
                         .caller = Caller::parse(""),
                         .number = {},
                         .number_text = {},
                         .forwarded_from = {},
                         .parent = {}};
  for (const CallDetails& call : {all, none}) {
    const IncomingCall incoming{call};
    const auto voice = event_in(encode(SpooledEvent{incoming, Greeting::no_text}));
    ASSERT_TRUE(voice);
    EXPECT_EQ(voice->greeting, Greeting::no_text);
    EXPECT_TRUE(voice->event == Event(incoming));
    const CallStatusChange change{call, CallStatus::canceled, "\xc3odd",
                                  call.parent ? std::optional(noon) : std::nullopt, true};
    const auto status = event_in(encode(SpooledEvent{change}));
    ASSERT_TRUE(status);
    EXPECT_TRUE(status->event == Event(change));
    RecordingNews recording{.call = call, .step = RecordingStep::transcribed, .recording_sid = "RE1"};
    RingEnd ring_end{.call = call, .status = RingStatus::busy};
    if (call.parent) {
      recording.url = "https://a.example/RE1";
      recording.duration = std::chrono::seconds{23};
      recording.transcription = "Leak \U0001F4A7";
      ring_end = {call, RingStatus::no_answer, "CA9", false, true, 3};
    }
    for (const Event& event : {Event(recording), Event(ring_end), Event(PhonePickedUp{call, sid("CA3")}),
                               Event(PhoneAnswered{call, sid("CA3"), true})}) {
      const auto read = event_in(encode(SpooledEvent{event}));
      ASSERT_TRUE(read) << event_key(event);
      EXPECT_TRUE(read->event == event) << event_key(event);
    }
  }
  const MessageStatusChange told{.text = {"CA1", Purpose::failsafe},
                                 .account = Account::second,
                                 .message_sid = "SM1",
                                 .status = MessageStatus::undelivered,
                                 .status_text = "undelivered",
                                 .code = 30006,
                                 .attempt = {3, 1}};
  const auto message = event_in(encode(SpooledEvent{told}));
  ASSERT_TRUE(message);
  EXPECT_TRUE(message->event == Event(told));
}

InboundText a_text_with_pictures() {
  return {.message_sid = "MM0123456789abcdef0123456789abcdef",
          .sender = Caller::parse("+14155550123"),
          .number = business_number,
          .number_text = "+14155550100",
          .body = "Leak \U0001F4A7, today",
          .media = {{"https://a.example/1", "image/jpeg"}, {"https://a.example/2", ""}},
          .opt_out_type = OptOutType::stop,
          .origin = Origin::sweep,
          .at = noon};
}

// Goal: an inbound text comes back with every field, and one with as little as there may be.
TEST(EventCodec, BringsBackAnInboundText) {
  const InboundText least{
      .message_sid = "SM1", .sender = Caller::parse(""), .number = {}, .number_text = {}, .body = {}};
  for (const InboundText& text : {a_text_with_pictures(), least}) {
    const auto read = event_in(encode(SpooledEvent{text}));
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->event == Event(text));
  }
}

// Goal: what no gate lets in does not come in by the spool either.
// Method: a text with one thing too long, too many or no text at all, and one cut anywhere.
TEST(EventCodec, RefusesTextsThatNobodyCanHaveSent) {
  const std::string good = encode(SpooledEvent{a_text_with_pictures()});
  for (std::size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(decode(good.substr(0, size))) << size;
  const auto refused = [](const std::function<void(InboundText&)>& change) {
    InboundText text = a_text_with_pictures();
    change(text);
    return !decode(encode(SpooledEvent{text}));
  };
  EXPECT_TRUE(refused([](InboundText& text) { text.message_sid = "S"; }));
  EXPECT_TRUE(refused([](InboundText& text) { text.message_sid = std::string(65, 'S'); }));
  EXPECT_TRUE(refused([](InboundText& text) { text.number_text = std::string(65, '1'); }));
  EXPECT_TRUE(refused([](InboundText& text) { text.body = std::string(inbound_characters_max + 1, 'x'); }));
  EXPECT_TRUE(
      refused([](InboundText& text) { text.media.assign(media_links_max + 1, {"https://a.example", ""}); }));
  EXPECT_TRUE(refused([](InboundText& text) { text.media = {{"file:///etc/passwd", ""}}; }));
  EXPECT_FALSE(refused([](InboundText& text) { text.body = std::string(inbound_characters_max, 'x'); }));
}

// Goal: bytes that are no event of ours are refused, not guessed at.
// Method: every prefix of an event; an event with each byte changed is refused, or is another event
// that is as good.
TEST(EventCodec, RefusesWhatItNeverWrote) {
  const std::string good = encode(a_call(1));
  for (std::size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(decode(good.substr(0, size))) << size;
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x55);
    const Result<SpoolRecord> read = decode(bad);
    if (!read) continue;
    EXPECT_EQ(encode(*decode(encode(*read))), encode(*read)) << "what is read can be kept again";
  }
}

// Goal: wherever bytes are missing or changed, the other records are found, and the damage is noticed.
// Method: three records, cut at every length, and with every byte changed.
TEST(SpoolRecords, AreFoundAroundDamage) {
  const std::vector<std::string> payloads = {"first", std::string("JRS1\x05\x00\x00\x00", 8), "third"};
  std::string bytes;
  std::vector<std::size_t> ends = {0};
  for (const std::string& payload : payloads) ends.push_back((bytes += framed(payload)).size());
  EXPECT_EQ(scan(bytes).damaged, 0U);
  EXPECT_THAT(scan(bytes).payloads, ElementsAre(payloads[0], payloads[1], payloads[2]));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string torn = bytes.substr(0, size);
    const auto whole = static_cast<std::size_t>(std::ranges::upper_bound(ends, size) - ends.begin()) - 1;
    EXPECT_EQ(scan(torn).payloads.size(), whole) << size;
    EXPECT_EQ(scan(torn).damaged, ends[whole] == size ? 0U : 1U) << size;
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    const Scan found = scan(changed);
    EXPECT_EQ(found.payloads.size(), 2U) << at;
    EXPECT_GE(found.damaged, 1U) << at;
  }
}

// Goal: events come out as they went in, across processes and segments, and nothing is left of them.
// Method: small segments; drained in one life; then over three lives.
TEST_F(FileSpoolTest, GivesBackWhatItTookInItsOrder) {
  constexpr FileSpoolOptions small{.segment_bytes = 600};
  open(small);
  std::vector<std::string> calls;
  for (int n = 1; n <= 20; ++n) {
    append(n, n);
    calls.push_back("CA" + std::to_string(n));
  }
  EXPECT_GT(segments().size(), 3U);
  EXPECT_EQ(meter_.counted[Metric::spool_records], 20);
  EXPECT_EQ(drain(), calls);
  EXPECT_TRUE(open(small).is_empty());
  EXPECT_THAT(segments(), IsEmpty());
  EXPECT_EQ(meter_.counted[Metric::spool_bytes], 0);

  append(1, 10);
  open(small);
  append(11, 20);
  EXPECT_FALSE(open(small).is_empty());
  EXPECT_EQ(drain(), calls);
  EXPECT_EQ(log_.lines.size(), 0U);
}

// Goal: what comes while the oldest are read is not taken for one of them.
// Method: an event more, between reading and forgetting.
TEST_F(FileSpoolTest, TakesMoreWhileItIsRead) {
  FileSpool& spool = open();
  append(1, 3);
  ASSERT_EQ(spool.oldest(8)->size(), 3U);
  append(4, 4);
  spool.forget_oldest(3);
  EXPECT_FALSE(spool.is_empty());
  EXPECT_THAT(drain(), ElementsAre("CA4"));
}

// Goal: what is forgotten in part is given once more by the next process, and nothing is lost in between.
TEST_F(FileSpoolTest, GivesOnceMoreWhatAProcessHadNotEnded) {
  FileSpool& spool = open();
  append(1, 5);
  ASSERT_EQ(spool.oldest(2)->size(), 2U);
  spool.forget_oldest(2);
  append(6, 6);
  open();
  EXPECT_THAT(drain(), ElementsAre("CA1", "CA2", "CA3", "CA4", "CA5", "CA6"));
}

// Goal: of a damaged segment the whole records are used, and the file is kept for a person; a loud line says so.
// Method: the last record torn; one in the middle overwritten; a file of nothing but rubbish.
TEST_F(FileSpoolTest, SetsDamageAside) {
  open();
  append(1, 3);
  const fs::path torn = segments().at(0);
  put(torn, content_of(torn).substr(0, content_of(torn).size() - 1));
  open();
  append(4, 6);
  const fs::path changed = segments().at(1);
  std::string content = content_of(changed);
  content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 0x10);
  put(changed, content);
  put(fs::path(folder()) / "events-00000999.spool", "rubbish");
  open();
  EXPECT_GE(meter_.counted[Metric::spool_records_damaged], 3);
  EXPECT_THAT(log_.lines, testing::Contains(HasSubstr("set aside")));
  EXPECT_THAT(drain(), ElementsAre("CA1", "CA2", "CA4", "CA6"));
  EXPECT_EQ(names_ending(".damaged").size(), 3U);
  const double damaged = meter_.counted[Metric::spool_records_damaged];
  open();
  EXPECT_EQ(meter_.counted[Metric::spool_records_damaged], damaged) << "told once";
  append(7, 7);
  EXPECT_THAT(drain(), ElementsAre("CA7"));
}

// Goal: a look finds what a start would, and changes nothing.
// Method: a spool in use with used-up and torn segments and files set aside; all files are compared.
TEST_F(FileSpoolTest, ALookChangesNothing) {
  FileSpool& spool = open({.segment_bytes = 1});
  append(1, 3);
  append(4, 5);
  EXPECT_TRUE(spool.set_aside(a_call(6)));
  put(fs::path(folder()) / "events-00000900.spool.damaged", "rubbish");
  put(fs::path(folder()) / "events-00000901.spool", "rubbish");
  put(fs::path(folder()) / "events-00000902.spool", "");
  const auto all_files = [this] {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::directory_iterator(folder())) all[entry.path()] = content_of(entry.path());
    return all;
  };
  const auto before = all_files();
  const auto content = FileSpool::look_into(*open_folder(folder()));
  ASSERT_TRUE(content);
  EXPECT_EQ(content->levels.records, 5);
  EXPECT_EQ(content->levels.damaged, 1);
  EXPECT_GT(content->levels.bytes, 0);
  EXPECT_EQ(content->set_aside, 2);
  EXPECT_TRUE(room_of_spool_folder(folder()));
  EXPECT_EQ(all_files(), before);
  EXPECT_THAT(log_.lines, IsEmpty());
  EXPECT_FALSE(FileSpool::look_into(*open_folder(folder() + "/nowhere")));
}

// Goal: a full spool refuses, says so, and takes events again once some have left; it is loud long before.
TEST_F(FileSpoolTest, IsBounded) {
  FileSpool& spool = open({.bytes_max = 4'000, .bytes_alarm = 1'000, .segment_bytes = 500});
  int taken = 0;
  while (spool.append({{a_call(taken + 1)}})) ++taken;
  EXPECT_GT(taken, 5);
  EXPECT_LE(spool.levels().bytes, 4'000);
  EXPECT_THAT(spool.append({{a_call(0)}}).error().message, HasSubstr("full"));
  EXPECT_THAT(log_.lines, ElementsAre(HasSubstr("FILLING UP")));
  ASSERT_FALSE(spool.oldest(1)->empty());
  EXPECT_EQ(drain().size(), static_cast<std::size_t>(taken));
  EXPECT_TRUE(spool.append({{a_call(1)}}));
}

// Goal: after a write or a sync that failed nothing is acknowledged into the same file: what stands at its end is
// anybody's guess. What was acknowledged before and after is there.
// Method: a folder that fails at each operation in turn.
class FailingFiles final : public SpoolFiles {
 public:
  enum class Operation { none, create, append, sync };
  Operation fails = Operation::none;
  std::map<std::string, std::string> files;

  Result<std::vector<std::string>> names() override {
    std::vector<std::string> all;
    for (const auto& [name, content] : files) all.push_back(name);
    return all;
  }
  Result<std::string> read(const std::string& name) override { return files.at(name); }
  Result<void> create(const std::string& name, std::int64_t) override {
    if (fails == Operation::create) return failure(ErrorKind::unavailable, "no space");
    files[name];
    return {};
  }
  Result<void> append(const std::string& name, std::string_view bytes) override {
    const bool is_bad = fails == Operation::append;
    files.at(name) += bytes.substr(0, is_bad ? bytes.size() / 2 : bytes.size());
    if (is_bad) return failure(ErrorKind::unavailable, "no space");
    return {};
  }
  Result<void> sync(const std::string&) override {
    if (fails == Operation::sync) return failure(ErrorKind::unavailable, "input/output error");
    return {};
  }
  Result<void> rename(const std::string& from, const std::string& to) override {
    files[to] = files.at(from);
    files.erase(from);
    return {};
  }
  Result<void> remove(const std::string& name) override {
    files.erase(name);
    return {};
  }
};

TEST(FileSpool, BeginsAnotherFileAfterAFailure) {
  using Operation = FailingFiles::Operation;
  for (const Operation operation : {Operation::append, Operation::sync}) {
    FailingFiles files;
    CountingMeter meter;
    KeptLog log;
    const auto spool = FileSpool::open(files, meter, log).value();
    EXPECT_TRUE(spool->append({{a_call(1)}}));
    files.fails = operation;
    EXPECT_FALSE(spool->append({{a_call(2)}}));
    files.fails = Operation::create;
    EXPECT_FALSE(spool->append({{a_call(3)}}));
    files.fails = Operation::none;
    EXPECT_TRUE(spool->append({{a_call(4)}}));
    EXPECT_EQ(files.files.size(), 2U);
    std::vector<std::string> calls;
    for (auto events = spool->oldest(8); !events->empty(); events = spool->oldest(8)) {
      for (const SpoolRecord& event : *events) calls.push_back(call_of(event));
      spool->forget_oldest(events->size());
    }
    // One whose sync failed was refused, and may be there all the same.
    std::erase(calls, "CA2");
    EXPECT_THAT(calls, ElementsAre("CA1", "CA4"));
    EXPECT_TRUE(spool->is_empty());
  }
}

// Goal: an event that the database will never take is kept for a person, and in nobody's way.
TEST_F(FileSpoolTest, SetsAnEventAside) {
  FileSpool& spool = open();
  EXPECT_TRUE(spool.set_aside(a_call(1)));
  EXPECT_TRUE(spool.set_aside(a_call(2)));
  append(3, 3);
  open();
  EXPECT_THAT(drain(), ElementsAre("CA3"));
  const std::vector<std::string> aside = names_ending(".set-aside");
  ASSERT_EQ(aside.size(), 2U);
  const std::string content = content_of(fs::path(folder()) / aside[0]);
  EXPECT_TRUE(decode(scan(content).payloads.at(0)));
}

// Goal: nothing is acknowledged into files that are gone; once there is a folder again, it is used.
// Method: the folder removed under a spool; then made anew.
TEST_F(FileSpoolTest, FilesThatWereRemovedTakeNothing) {
  FileSpool& spool = open();
  append(1, 1);
  fs::remove_all(folder());
  EXPECT_FALSE(spool.append({{a_call(2)}}));
  EXPECT_FALSE(spool.append({{a_call(3)}}));
  fs::create_directory(folder());
  append(4, 4);
  EXPECT_THAT(drain(), ElementsAre("CA4")) << "what is gone keeps nobody waiting";
  EXPECT_TRUE(spool.is_empty());
  EXPECT_EQ(meter_.counted[Metric::spool_records_damaged], 1) << "CA1 was acknowledged";
  append(5, 5);
  open();
  EXPECT_THAT(drain(), ElementsAre("CA5"));
}

// Goal: a folder that cannot be written is refused at the start, with what to do.
// Method: a file in its place; a folder without write permission, unless we may write everywhere.
TEST_F(FileSpoolTest, AFolderThatCannotBeWrittenIsRefused) {
  put(folder(), "a file");
  const auto refused = open_spool_folder(folder());
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message,
              testing::AllOf(HasSubstr("Not a directory"), HasSubstr("JOBRUN_SPOOL_DIR")));
  const auto room = room_of_spool_folder(folder());
  ASSERT_FALSE(room);
  EXPECT_EQ(room.error().message, refused.error().message);
  fs::remove(folder());
  EXPECT_GT(room_of_spool_folder(folder()).value_or(0), 0) << "it can be made";
  EXPECT_GT(room_of_spool_folder(folder() + "/").value_or(0), 0);
  EXPECT_FALSE(fs::exists(folder())) << "it was not made";
  EXPECT_FALSE(room_of_spool_folder(folder() + "/in/it")) << "only one folder is made";
  fs::create_directory(folder());
  chmod(folder().c_str(), 0500);
  if (geteuid() != 0) {
    EXPECT_FALSE(open_spool_folder(folder()));
    EXPECT_FALSE(room_of_spool_folder(folder()));
  }
  EXPECT_EQ(room_of_spool_folder("/proc").value_or(0), 0);
  EXPECT_FALSE(open_spool_folder("/proc/nowhere"));
  EXPECT_FALSE(open_spool_folder("/proc")) << "a folder in which nobody can make a file";
}

}  // namespace
}  // namespace jobrun::store
