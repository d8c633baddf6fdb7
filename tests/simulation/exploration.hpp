// Every interleaving of webhooks, crashes, carrier answers and message statuses of a call, instead of some of
// them.
//
// Random tests and examples find what somebody thought of, or what luck brings. A call is small enough to try
// everything: from each state each step that is possible there is taken, states already seen are not taken up
// again, and the rules (exploration_rules.hpp) are checked at each step. Breadth first, so that the story of a
// broken rule is a shortest one.
//
// Real are `voice::decide` (with directory and flow beneath it), the exit policy and what the outbox decides on an
// answer, a message status, a loss or a text that is too late. The journal is a model (exploration_journal.hpp),
// and so is the order in which the dispatcher works: durable `started`, request, answer, durable record. Its
// threads, pacing, waits and queues, and writes that fail, are the business of its own tests; here a text may be
// started whenever it is promised, which allows more orders than any pacing does.
//
// A webhook is taken up whole. A crash before its commit is a crash and a webhook still to be delivered; a crash
// after the commit and before the acknowledgement is a webhook, a crash, and the webhook delivered again. Both are
// among the interleavings, because any webhook may be delivered at any time. A status of a message may be
// delivered from the moment its request is written, before the answer or after a later request, unless the answer
// says that there is no such message.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "exploration_world.hpp"

namespace jobrun::exploration {

/// How much may happen to one world.
struct Limits {
  int webhooks = 6;  ///< about calls; each status of a message may come once, and repeated changes nothing
  int crashes = 2;
  int answers = 2;
  std::size_t states_max = 1'000'000;  ///< beyond them the exploration itself has failed
};

/// What a test does to the decisions, to see the exploration notice.
struct Sabotage {
  std::function<void(Commit&, const Letter&)> decided;
  std::function<void(outbox::NextStep&, const SendAnswer&)> next_step;
  /// The exit does not look at what has been learned since the promise.
  bool is_exit_blind = false;
  /// Any change, after the journal has made it.
  std::function<void(const Journal& before, Journal& after)> changed;
};

struct Findings {
  std::size_t states = 0;
  std::size_t transitions = 0;
  std::size_t journals = 0;
  std::size_t ends_compared = 0;
  /// How many journals or changes were of a kind that some rule is about: a rule is only as good as what met it.
  std::map<std::string, std::size_t> seen;
  std::string broken_rule;  ///< empty: every rule held in every state
  std::vector<std::string> story;

  /// The broken rule and the steps that led there, one a line.
  std::string report() const;
};

Findings explore(const World& world, const Limits& limits = {}, const Sabotage& sabotage = {});

}  // namespace jobrun::exploration
