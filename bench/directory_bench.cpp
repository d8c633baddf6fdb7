// How long a million numbers take to build, to load from disk, and to resolve.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "directory/directory.hpp"

namespace {

using namespace jobrun;
using namespace jobrun::directory;

constexpr std::uint64_t numbers = 1'000'000;
constexpr std::uint64_t first = 14'150'000'000;

std::shared_ptr<const Snapshot> a_million_numbers() {
  Snapshot::Builder builder;
  for (std::int64_t id = 1; id <= 1'000; ++id) {
    ClientProfile client;
    client.id = {id};
    client.name = "Client " + std::to_string(id);
    client.owner_phone = E164::from_digits(13'100'000'000 + static_cast<std::uint64_t>(id));
    builder.add(client);
  }
  builder.reserve(numbers);
  for (std::uint64_t i = 0; i < numbers; ++i) {
    builder.add(PoolNumber{E164::from_digits(first + i), NumberRole::operational,
                           ClientId{static_cast<std::int64_t>(i % 1'000) + 1}});
  }
  return std::move(builder).build({}, 1);
}

const Snapshot& snapshot() {
  static const std::shared_ptr<const Snapshot> built = a_million_numbers();
  return *built;
}

void build(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(a_million_numbers());
}
BENCHMARK(build)->Unit(benchmark::kMillisecond)->Name("directory/build_1M");

void load(benchmark::State& state) {
  const std::string path = "/tmp/jobrun-bench-directory-" + std::to_string(::getpid());
  if (!snapshot().save(path)) state.SkipWithError("cannot save");
  for (auto _ : state) {
    const auto loaded = Snapshot::load(path, {});
    if (!loaded || (*loaded)->size() != numbers) state.SkipWithError("not what was saved");
  }
  std::remove(path.c_str());
}
BENCHMARK(load)->Unit(benchmark::kMillisecond)->Name("directory/load_1M");

void resolve(benchmark::State& state) {
  std::mt19937_64 random(1);
  std::vector<E164> asked;
  for (int i = 0; i < 1 << 16; ++i) asked.push_back(E164::from_digits(first + random() % (2 * numbers)));
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(snapshot().resolve(asked[i++ & 0xFFFF]));
}
BENCHMARK(resolve)->Name("directory/resolve_1M");

}  // namespace

BENCHMARK_MAIN();
