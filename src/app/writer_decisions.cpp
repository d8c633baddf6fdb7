#include "writer_decisions.hpp"

#include <memory>
#include <utility>

namespace jobrun::app {

WriterDecisions::WriterDecisions(Ports ports, Rules rules) : ports_(std::move(ports)), rules_(std::move(rules)) {}

void WriterDecisions::take(Decide decide, std::function<void(const Result<void>& durable)> done) {
  struct Made {
    std::optional<Commit> commit;
    std::vector<TextRecord> texts;
  };
  const auto made = std::make_shared<Made>();
  ports_.journal.submit(
      {.write = [this, made, decide = std::move(decide)](StoreBatch& batch, Instant now) -> Result<void> {
         const std::shared_ptr<const directory::Snapshot> directory = ports_.directory.current();
         const texting::Surroundings around{*directory, ports_.numbering_plan, rules_.policy, rules_.sign_up,
                                            ports_.time_zones};
         *made = {.commit = decide(around, batch, now), .texts = {}};
         if (!made->commit) return {};
         if (std::optional<TextRecord> text = batch.write(*made->commit, now)) {
           made->texts.push_back(std::move(*text));
         }
         return {};
       },
       .done =
           [this, made, done = std::move(done)](const Result<void>& durable) {
             if (durable && made->commit) {
               tell(*made->commit);
               if (!made->texts.empty()) ports_.promised(std::move(made->texts));
             }
             done(durable);
           }});
}

void WriterDecisions::tell(const Commit& commit) {
  count_all(ports_.meter, commit.counts);
  for (const AlertRequest& alert : commit.alerts) ports_.meter.count(Metric::alerts_raised, name_of(alert.kind));
  for (const LogLine& line : commit.logs) ports_.log.write(line);
}

}  // namespace jobrun::app
