// The same statements in the same batches, without HTTP: the ceiling of durable acknowledgements.
//
//   bench_events DIRECTORY WAITING SECONDS
//
// WAITING callers wait for their acknowledgement and then send the next event, as so many connections do.
// Prints one JSON line: events, seconds, events_per_second, batch_mean.
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <thread>

#include "../src/app/event_decider.hpp"
#include "../src/app/numbering_plan.hpp"
#include "bench/calls.hpp"
#include "ledger/ledger.hpp"
#include "store/sqlite_store.hpp"

namespace {

using namespace jobrun;
using std::chrono::steady_clock;

struct RealClock final : Clock {
  Instant now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
  std::chrono::nanoseconds monotonic() const override { return steady_clock::now().time_since_epoch(); }
};
struct NoMeter final : Meter {
  double batches = 0;
  double items = 0;
  void count(Metric, std::string_view, std::string_view, double) override {}
  void set(Metric, double, std::string_view) override {}
  void observe(Metric histogram, double value) override {
    if (histogram != Metric::ledger_batch_events) return;
    ++batches;
    items += value;
  }
};
struct NoLog final : Log {
  void write(const LogLine&) override {}
};

/// Never asked: no message is told of.
struct NoCarrier final : Carrier {
  void send(SendPermit, OutgoingText, Done) override {}
  void find(FindQuery, FoundDone) override {}
  Refused why_lost(Account, int) const override { return {}; }
};
struct NoRandom final : Random {
  std::uint64_t below(std::uint64_t) override { return 0; }
};

std::shared_ptr<const directory::Snapshot> one_business() {
  ClientProfile client;
  client.id = {1};
  client.name = "Smith & Sons";
  client.owner_phone = E164::from_digits(14'155'550'150);
  client.texts_per_day = 1'000'000'000;
  directory::Snapshot::Builder builder;
  builder.add(client);
  builder.add(PoolNumber{bench::business_number, NumberRole::operational, client.id});
  return std::move(builder).build({}, 1);
}

Event an_event(std::uint64_t i) {
  return CallStatusChange{{.call_sid = *CallSid::parse(bench::call_sid(1, i)),
                           .caller = Caller::parse(bench::caller(i).text()),
                           .number = bench::business_number,
                           .number_text = bench::business_number.text(),
                           .forwarded_from = {},
                           .parent = {}},
                          CallStatus::completed,
                          "completed"};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: bench_events DIRECTORY WAITING SECONDS\n";
    return 2;
  }
  const std::filesystem::path folder = std::filesystem::path(argv[1]) / ("events-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::string path = folder / "bench.sqlite";
  RealClock clock;
  if (!store::migrate(path, clock.now())) return 1;
  auto store = store::SqliteStore::open(path);
  if (!store) return 1;

  flow::Policy policy;
  policy.texts_per_day = 1'000'000'000;
  directory::Directory directory(one_business());
  const auto plan = app::make_numbering_plan();
  const NoCarrier carrier;
  NoRandom random;
  app::EventDecider decider({directory, *plan, carrier, random}, policy, {}, {});
  NoMeter meter;
  NoLog log;
  {
    // The client's row, so that customers can refer to it.
    const auto batch = (*store)->begin({});
    if (!batch->change_directory(AddClient{*directory.current()->client({1})}, clock.now())) return 1;
    if (!batch->commit()) return 1;
  }
  ledger::Ledger ledger({**store, decider, nullptr, nullptr, clock, meter, log}, [](ledger::MadeDue) {});
  std::atomic<std::uint64_t> next = 0;
  std::atomic<std::uint64_t> done = 0;
  std::atomic<bool> stop = false;
  std::function<void()> send = [&] {
    ledger.submit(an_event(next++), [&](const Result<Receipt>& receipt) {
      if (!receipt) std::abort();
      ++done;
      if (!stop) send();
    });
  };
  const auto began = steady_clock::now();
  const int waiting = std::atoi(argv[2]);
  for (int i = 0; i < waiting; ++i) send();
  {
    const ledger::WriterThread writer(ledger);
    std::this_thread::sleep_for(std::chrono::seconds(std::atoi(argv[3])));
    stop = true;
  }
  const double seconds = std::chrono::duration<double>(steady_clock::now() - began).count();
  std::printf("{\"events\":%llu,\"seconds\":%.2f,\"events_per_second\":%.0f,\"batch_mean\":%.1f}\n",
              static_cast<unsigned long long>(done), seconds, static_cast<double>(done) / seconds,
              meter.items / meter.batches);
  store->reset();
  std::filesystem::remove_all(folder);
  return 0;
}
