// Calls, texts, orders and restarts in whatever order, through the whole service: what must hold whatever they
// are.
#include <rapidcheck.h>

#include <map>
#include <set>

#include "owner_alerts_test_support.hpp"

namespace jobrun::app {
namespace {

using namespace std::chrono_literals;

const E164 joe = E164::from_digits(14155559000);

struct Happening {
  enum class What { call, text, same_text_again, restart, time };
  What what = What::call;
  E164 who = joe;
  std::string words;
};

rc::Gen<Happening> a_happening() {
  using What = Happening::What;
  const auto customer = rc::gen::map(
      rc::gen::inRange(0, 3), [](int which) { return E164::from_digits(14155550101 + std::uint64_t(which)); });
  const auto words = rc::gen::elementOf(std::vector<std::string>{
      "Boiler broken at 14 Mill Lane", "hello?", "thanks", "I smell gas", "STOP", "START", "yes", "",
      "no longer needed", "tap drips, 22 Elm St", "please call me", "wrong number", "help"});
  const auto orders = rc::gen::elementOf(std::vector<std::string>{
      "1", "2", "yes 0101", "no 0102", "@0103 see you at 3", "I can come at 3", "pause", "resume", "status",
      "busy until 3pm", "SKIP +14155550102", "UNSKIP +14155550102", "help", ""});
  const auto make = [](What what) {
    return [what](const auto& one) { return Happening{what, one.first, one.second}; };
  };
  return rc::gen::weightedOneOf<Happening>(
      {{4, rc::gen::map(rc::gen::pair(customer, rc::gen::just(std::string())), make(What::call))},
       {6, rc::gen::map(rc::gen::pair(customer, words), make(What::text))},
       {4, rc::gen::map(rc::gen::pair(rc::gen::just(joe), orders), make(What::text))},
       {1, rc::gen::just(Happening{What::same_text_again, joe, ""})},
       {1, rc::gen::just(Happening{What::restart, joe, ""})},
       {2, rc::gen::just(Happening{What::time, joe, ""})}});
}

class AnyTalkThroughTheService : public OwnerAlerts {
 protected:
  struct Said {
    E164 who = joe;
    std::string words;
    std::size_t sent_before = 0;  ///< texts that had left when it came
    std::string sid{};
    bool is_alert_raised = false;  ///< at once, because of it
  };

  void happen(const Happening& happening) {
    const std::size_t before = carrier_.sent.size();
    switch (happening.what) {
      case Happening::What::call:
        miss_a_call(happening.who);
        break;
      case Happening::What::text:
        said_.push_back({happening.who, happening.words, before, "MM" + std::to_string(events_ + 1)});
        said_.back().is_alert_raised = raises_an_alert([&] { text_in(happening.words, happening.who); });
        break;
      case Happening::What::same_text_again:
        if (said_.empty()) return;
        --events_;
        text_in(said_.back().words, said_.back().who);
        break;
      case Happening::What::restart:
        start(false, true);
        look();
        break;
      case Happening::What::time:
        jump(4min);
        break;
    }
    clock_.advance(7s);
    expect_nobody_out_is_texted(before, happening);
  }

  bool raises_an_alert(const std::function<void()>& act) {
    const auto raised = [this] {
      double all = 0;
      for (const auto& [labelled, count] : meter_.counts)
        all += std::get<0>(labelled) == Metric::alerts_raised ? count : 0;
      return all;
    };
    const auto before = raised();
    act();
    return raised() > before;
  }

  /// Of customers; an owner is told what he asked for.
  void expect_nobody_out_is_texted(std::size_t before, const Happening& happening) {
    const bool says_out = happening.what == Happening::What::text && happening.words == "STOP";
    if (says_out) out_.insert(happening.who);
    for (std::size_t at = before; at < carrier_.sent.size(); ++at) {
      const bool may_be = happening.what == Happening::What::text && happening.who == carrier_.sent[at].recipient;
      EXPECT_TRUE(!out_.contains(carrier_.sent[at].recipient) ||
                  (may_be && !says_out && says_in(happening.words)));
    }
    if (happening.what == Happening::What::text && says_in(happening.words)) out_.erase(happening.who);
  }
  static bool says_in(const std::string& words) { return words == "START" || words == "yes"; }

  void expect_each_text_once() {
    std::set<std::string> ids;
    for (const OutgoingText& text : carrier_.sent) EXPECT_TRUE(ids.insert(text.id.text()).second);
  }
  void expect_one_conversation_per_pair() {
    std::set<std::pair<std::uint64_t, std::uint64_t>> pairs;
    for (const ConversationListing& one :
         store_->reader()->conversations({.client = profile_.id, .limit = 1'000})) {
      const CustomerContact& contact = one.record.contact;
      EXPECT_TRUE(contact.client == profile_.id);
      EXPECT_TRUE(pairs.emplace(contact.number.digits(), contact.customer.digits()).second);
    }
  }
  /// By a text that answers him, by an alert, or by a lead that has his words.
  void expect_nobody_unheard() {
    for (const Said& said : said_) {
      const std::set<std::string> needs_nothing = {"START",  "yes",          "STOP",
                                                   "thanks", "wrong number", "no longer needed"};
      if (said.who == joe || needs_nothing.contains(said.words)) continue;
      bool is_heard = said.is_alert_raised;
      for (std::size_t at = said.sent_before; at < carrier_.sent.size(); ++at) {
        const OutgoingText& text = carrier_.sent[at];
        const bool is_to_him = text.recipient == said.who && text.id.cause == said.sid;
        const bool is_lead = text.recipient == joe && text.body.contains(said.who.text()) &&
                             text.body.contains("issed call") && text.body.contains(said.words.substr(0, 8));
        if (is_to_him || is_lead) is_heard = true;
      }
      EXPECT_TRUE(is_heard) << said.who.text() << ": " << said.words;
    }
  }

  std::vector<Said> said_;
  std::set<E164> out_;
};

// Goal: whatever customers, callers and the owner do in whatever order, over restarts: each text leaves once,
// nobody is texted who has said STOP, each pair has one conversation, each call its outcome, and nobody who writes
// is heard by nobody. Method: worlds of forty things that happen, each from its seed.
class AnyTalkFromASeed : public AnyTalkThroughTheService, public testing::WithParamInterface<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Worlds, AnyTalkFromASeed, testing::Range<std::uint64_t>(1, 13));

TEST_P(AnyTalkFromASeed, LeavesNobodyUnheard) {
  constexpr int size = 40;
  const auto many = rc::gen::container<std::vector<Happening>>(size, a_happening());
  start(false, true);
  look();
  for (const Happening& one : many(rc::Random(GetParam()), size).value()) happen(one);
  wait(100min);  // owners are told so much an hour
  expect_each_text_once();
  expect_one_conversation_per_pair();
  expect_nobody_unheard();
  EXPECT_EQ(store_->reader()->levels().calls_pending, 0);
  EXPECT_EQ(store_->reader()->levels().texts_waiting(), 0);
}

}  // namespace
}  // namespace jobrun::app
