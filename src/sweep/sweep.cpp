#include "sweep/sweep.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "base/back_off.hpp"
#include "base/rare_path.hpp"

namespace jobrun::sweep {
namespace {

using std::chrono::nanoseconds;

constexpr Duration alert_again_every{60 * 60'000};

/// How a call whose end nobody can tell is said to have ended: no word of the carrier's, so that what it tells
/// later is known as news.
constexpr const char* assumed = "assumed";

// --- what reaches a sweep from other threads

struct CallsListed {
  Result<std::vector<ListedCall>> calls;
};
struct TextsListed {
  Result<TextsList> texts;
};
struct NumbersListed {
  NumbersAnswer answer;
};
/// Of one call that is asked about.
struct CallFound {
  CallSid call_sid;
  Result<ListedCall> call;
};
struct ChildrenListed {
  ListedCall call;
  Result<std::vector<ListedCall>> children;
};
struct EventKept {
  bool is_durable = false;
};
struct MarksKept {
  bool is_durable = false;
};

struct Letter {
  std::int64_t round = 0;
  std::variant<CallsListed, TextsListed, NumbersListed, CallFound, ChildrenListed, EventKept, MarksKept> news;
};

struct Mailbox {
  std::mutex mutex;
  std::vector<Letter> letters;

  void put(Letter letter) {
    const std::lock_guard lock(mutex);
    letters.push_back(std::move(letter));
  }
  std::vector<Letter> take() {
    const std::lock_guard lock(mutex);
    return std::exchange(letters, {});
  }
};

/// One sweep under way.
struct Round {
  CallWindow window;
  TextsWindow texts_window;
  std::map<SweptList, Instant> marks{};   ///< up to which all is dealt with once this is through
  std::string failed_because{};           ///< empty: nothing has failed so far
  bool is_all_kept = true;                ///< nothing that was found could not be kept so far
  std::set<CallSid> heard_of{};           ///< in the list: not asked about
  std::vector<CallStatusChange> lost{};   ///< until it is known whose numbers were called
  std::vector<InboundText> lost_texts{};  ///< the same of texts
  std::size_t lists_to_come = 0;
  std::deque<Event> to_keep{};  ///< to be made durable
  std::deque<CallSid> to_ask_about{};
  std::size_t under_way = 0;
};

AlertRequest failing_alert(const std::string& because) {
  AlertRequest alert = operator_alert(AlertKind::sweep_failing, Severity::critical, "lists",
                                      "The carrier's lists could not be swept for some time: calls and texts "
                                      "whose webhooks are lost are not found meanwhile. They will be, once the "
                                      "lists can be read again. (" +
                                          because + ")");
  alert.at_most_every = alert_again_every;
  return alert;
}

}  // namespace

struct Sweep::Impl {
  Impl(Ports ports_given, SweepOptions options_given)
      : ports(std::move(ports_given)),
        options(std::move(options_given)),
        complete_at(ports.clock.monotonic()),
        due(complete_at) {}

  void pump();
  void begin();
  void tell_if_long_ago(SweptList list, const std::optional<Instant>& mark, Instant from);
  void list_has_come();
  void ask_about_calls_without_end();
  void go_on();
  void keep(Event event);
  void ask_about(const CallSid& call_sid);
  void finish();
  void come_to_an_end();
  void complete();
  void fail(std::string because);
  void watch();

  void hear(CallsListed& news);
  void hear(TextsListed& news);
  void hear(NumbersListed& news);
  void hear(CallFound& news);
  void hear(ChildrenListed& news);
  void hear(EventKept& news);
  void hear(MarksKept& news);
  void cannot_ask_about(const CallSid& call_sid, const std::string& because);

  /// A callback that puts what it is given, wrapped by `letter_of`, into the mailbox.
  template <class Value, class LetterOf>
  auto mail(LetterOf letter_of) {
    return [box = mailbox, at = round_number, letter_of](Value value) {
      box->put({at, letter_of(std::move(value))});
    };
  }

  Ports ports;
  SweepOptions options;
  std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>();
  std::optional<Round> round;
  std::int64_t round_number = 0;
  int failures = 0;         ///< in a row
  std::string failure_why;  ///< of the last
  nanoseconds complete_at;  ///< the last complete sweep; at first, the start
  nanoseconds due;
  std::map<CallSid, nanoseconds> cannot_be_asked_since;
  /// Shared with the journal, which may not have kept it.
  std::shared_ptr<std::atomic<bool>> told = std::make_shared<std::atomic<bool>>(false);
};

void Sweep::Impl::pump() {
  try {
    for (Letter& letter : mailbox->take()) {
      if (!round || letter.round != round_number) continue;
      --round->under_way;
      std::visit([this](auto& news) { hear(news); }, letter.news);
    }
    if (!round && ports.clock.monotonic() >= due && ports.known.can_be_kept()) begin();
    if (round) go_on();
  } catch (const StoreFailure& failure) {
    fail(failure.message);
    watch();
    throw;
  }
  watch();
}

void Sweep::Impl::begin() {
  ++round_number;
  const Instant now = ports.clock.now();
  const Instant installed_at = ports.known.installed_at();
  const std::optional<Instant> mark = ports.known.mark(SweptList::calls);
  const std::optional<Instant> texts_mark = ports.known.mark(SweptList::texts);
  const CallWindow of_texts = window_to_sweep(texts_mark, installed_at, now, options.reach);
  round = Round{.window = window_to_sweep(mark, installed_at, now, options.reach),
                .texts_window = {.from = of_texts.from, .to = of_texts.to}};
  tell_if_long_ago(SweptList::calls, mark, round->window.from);
  tell_if_long_ago(SweptList::texts, texts_mark, round->texts_window.from);
  round->lists_to_come = round->under_way = ports.texts != nullptr ? 2 : 1;
  ports.calls.list_calls(round->window, mail<Result<std::vector<ListedCall>>>(
                                            [](auto calls) { return CallsListed{std::move(calls)}; }));
  if (ports.texts == nullptr) return;
  ports.texts->list_texts(round->texts_window,
                          mail<Result<TextsList>>([](auto texts) { return TextsListed{std::move(texts)}; }));
}

void Sweep::Impl::tell_if_long_ago(SweptList list, const std::optional<Instant>& mark, Instant from) {
  if (round_number != 1 || !mark || *mark >= from) return;
  ports.log.write({LogLevel::warning,
                   "the last that a sweep has seen is long ago: what was lost before this is not looked for",
                   "",
                   {{"list", std::string(name_of(list))},
                    {"last_seen", to_iso8601(*mark)},
                    {"looked_for_from", to_iso8601(from)}}});
}

void Sweep::Impl::hear(CallsListed& news) {
  if (!news.calls) {
    round->failed_because = news.calls.error().message;
  } else {
    Reading reading =
        read_list(std::move(*news.calls), round->window, ports.known.has_ended, ports.clock.now(), options.reach);
    if (reading.mark) round->marks[SweptList::calls] = *reading.mark;
    round->heard_of = std::move(reading.going_on);
    for (const CallStatusChange& end : reading.lost) round->heard_of.insert(end.call.call_sid);
    round->lost = std::move(reading.lost);
  }
  ask_about_calls_without_end();
  list_has_come();
}

void Sweep::Impl::hear(TextsListed& news) {
  if (!news.texts) {
    round->failed_because = news.texts.error().message;
  } else {
    TextReading reading = read_texts(std::move(*news.texts), round->texts_window, ports.known.has_text,
                                     ports.clock.now(), options.reach);
    if (reading.mark) round->marks[SweptList::texts] = *reading.mark;
    round->lost_texts = std::move(reading.lost);
  }
  list_has_come();
}

/// Whose numbers they are is asked once for all that is missing.
void Sweep::Impl::list_has_come() {
  if (--round->lists_to_come > 0 || (round->lost.empty() && round->lost_texts.empty())) return;
  ++round->under_way;
  ports.numbers.list_numbers(
      mail<NumbersAnswer>([](NumbersAnswer answer) { return NumbersListed{std::move(answer)}; }));
}

void Sweep::Impl::hear(NumbersListed& news) {
  const OurNumbers ours(news.answer, options.public_url, ports.known.number);
  for (CallStatusChange& end : std::exchange(round->lost, {})) {
    if (ours.contains(end.call.number)) round->to_keep.emplace_back(std::move(end));
  }
  for (InboundText& text : std::exchange(round->lost_texts, {})) {
    if (ours.brings_texts(text.number)) round->to_keep.emplace_back(std::move(text));
  }
}

/// What the list does not say of them, the carrier is asked call by call.
void Sweep::Impl::ask_about_calls_without_end() {
  const Instant before = ports.clock.now() - options.call_length_max;
  std::map<CallSid, nanoseconds> still;
  for (CallSid& call_sid : ports.known.calls_without_end(before, options.without_end_max)) {
    if (round->heard_of.contains(call_sid)) continue;
    if (const auto since = cannot_be_asked_since.find(call_sid); since != cannot_be_asked_since.end()) {
      still.insert(*since);
    }
    round->to_ask_about.push_back(std::move(call_sid));
  }
  cannot_be_asked_since = std::move(still);
}

void Sweep::Impl::go_on() {
  while (round->under_way < options.in_flight_max && !round->to_keep.empty()) {
    Event event = std::move(round->to_keep.front());
    round->to_keep.pop_front();
    keep(std::move(event));
  }
  while (round->under_way < options.in_flight_max && !round->to_ask_about.empty()) {
    const CallSid call_sid = std::move(round->to_ask_about.front());
    round->to_ask_about.pop_front();
    ask_about(call_sid);
  }
  if (round->under_way == 0) finish();
}

void Sweep::Impl::keep(Event event) {
  seen(std::holds_alternative<InboundText>(event) ? RarePath::swept_text_found : RarePath::swept_call_found);
  ++round->under_way;
  ports.events.submit(std::move(event), mail<Result<Receipt>>([](const Result<Receipt>& receipt) {
                        return EventKept{receipt.has_value()};
                      }));
}

void Sweep::Impl::hear(EventKept& news) {
  if (news.is_durable) return;
  round->is_all_kept = false;
  round->failed_because = "what it found could not be kept";
}

void Sweep::Impl::ask_about(const CallSid& call_sid) {
  ++round->under_way;
  ports.calls.find_call(call_sid, mail<Result<ListedCall>>([call_sid](Result<ListedCall> call) {
                          return CallFound{call_sid, std::move(call)};
                        }));
}

void Sweep::Impl::hear(CallFound& news) {
  if (!news.call) return cannot_ask_about(news.call_sid, news.call.error().message);
  const std::optional<Instant> ended = ended_at(*news.call);
  if (!ended || *ended + options.reach.grace > ports.clock.now()) {
    cannot_be_asked_since.erase(news.call_sid);
    return;
  }
  ++round->under_way;
  ports.calls.list_children(news.call_sid,
                            mail<Result<std::vector<ListedCall>>>([call = std::move(*news.call)](auto children) {
                              return ChildrenListed{call, std::move(children)};
                            }));
}

void Sweep::Impl::hear(ChildrenListed& news) {
  if (!news.children) return cannot_ask_about(news.call.call_sid, news.children.error().message);
  const bool person_took_call = std::ranges::any_of(*news.children, is_taken);
  round->to_keep.emplace_back(end_of(news.call, person_took_call));
}

/// Nobody will tell how it ended: after a while it has.
void Sweep::Impl::cannot_ask_about(const CallSid& call_sid, const std::string& because) {
  const nanoseconds now = ports.clock.monotonic();
  const auto since = cannot_be_asked_since.try_emplace(call_sid, now).first->second;
  if (now - since < options.taken_for_ended) return;
  cannot_be_asked_since.erase(call_sid);
  seen(RarePath::call_taken_for_ended);
  ports.log.write({LogLevel::warning,
                   "a call without an end, and the carrier cannot be asked: taken for ended",
                   call_sid.text(),
                   {{"reason", because, LogField::Privacy::foreign}}});
  round->to_keep.emplace_back(CallStatusChange{.call = {.call_sid = call_sid,
                                                        .caller = Caller::parse(""),
                                                        .number = {},
                                                        .number_text = {},
                                                        .forwarded_from = {},
                                                        .parent = {},
                                                        .origin = Origin::sweep},
                                               .status = CallStatus::completed,
                                               .status_text = assumed});
}

/// One list that cannot be read does not keep the other's mark from its place.
void Sweep::Impl::finish() {
  if (!round->is_all_kept) return fail(round->failed_because);
  if (round->marks.empty()) return come_to_an_end();
  ++round->under_way;
  ports.journal.submit(
      {.write = [marks = std::exchange(round->marks, {})](StoreBatch& batch, Instant) -> Result<void> {
         for (const auto& [list, mark] : marks) batch.set_sweep_mark(list, mark);
         return {};
       },
       .done = mail<const Result<void>&>([](const Result<void>& kept) { return MarksKept{kept.has_value()}; })});
}

void Sweep::Impl::hear(MarksKept& news) {
  if (!news.is_durable) return fail("how far it came could not be kept");
  come_to_an_end();
}

void Sweep::Impl::come_to_an_end() {
  round->failed_because.empty() ? complete() : fail(round->failed_because);
}

void Sweep::Impl::complete() {
  round.reset();
  failures = 0;
  complete_at = ports.clock.monotonic();
  due = complete_at + options.every;
  *told = false;
}

/// By value: the reason may be the round's own.
void Sweep::Impl::fail(std::string because) {
  seen(RarePath::sweep_failed);
  round.reset();
  failure_why = std::move(because);
  due = ports.clock.monotonic() + back_off(++failures, options.back_off_min, options.back_off_max, ports.random);
  ports.log.write({LogLevel::warning,
                   "the carrier's lists could not be swept; it is tried again",
                   "",
                   {{"reason", failure_why, LogField::Privacy::foreign}}});
}

/// Told once, and again only after a complete sweep.
void Sweep::Impl::watch() {
  const nanoseconds age = ports.clock.monotonic() - complete_at;
  ports.meter.set(Metric::sweep_age_seconds, std::chrono::duration<double>(age).count());
  if (age < options.alert_after || told->exchange(true)) return;
  ports.journal.submit(work_to_raise_once(failing_alert(failure_why), told, ports.meter));
}

Sweep::Sweep(Ports ports, SweepOptions options)
    : impl_(std::make_unique<Impl>(std::move(ports), std::move(options))) {}

Sweep::~Sweep() = default;

void Sweep::pump() {
  impl_->pump();
}

}  // namespace jobrun::sweep
