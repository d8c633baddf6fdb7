// Reads the contacts that owners pass on as attachments, once the carrier has given them.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ports/carrier_media.hpp"
#include "base/ports/clock.hpp"
#include "base/ports/meter.hpp"
#include "base/ports/store.hpp"
#include "texting/contact_cards.hpp"
#include "writer_decisions.hpp"

namespace jobrun::app {

/// An owner's text with a card is followed by what it says, or, where it cannot be read for some minutes, by how
/// to write a number himself: never by nothing. What is still to be read is found in the store, so that a crash
/// loses none; a text that was answered is never answered again.
class ContactCardWatch {
 public:
  struct Ports {
    std::unique_ptr<StoreReader> reader;
    WriterDecisions& decisions;
    CarrierMedia* media = nullptr;  ///< null: no card can be read
    Log& log;
    const Clock& clock;
  };
  struct Options {
    Duration look_every{2'000};
    Duration retry_every{15'000};
    Duration given_up_after{5 * 60'000};    ///< since the text came
    Duration taken_up_for{24 * 3'600'000};  ///< older ones were answered, or are not waited for any more
    std::size_t cards_max = 5;              ///< of one text
    std::size_t card_bytes_max = 1 << 20;   ///< with a photo in it
  };

  ContactCardWatch(Ports ports, Options options) : ports_(std::move(ports)), options_(options) {}
  explicit ContactCardWatch(Ports ports) : ContactCardWatch(std::move(ports), Options{}) {}

  /// Looks when it is time to. One thread at a time; throws StoreFailure.
  void pump();

 private:
  /// One text whose cards are being read.
  struct Reading {
    InboundText text;
    Instant received_at{};
    std::vector<std::string> urls{};     ///< still to be asked for, the next one last
    std::vector<std::string> numbers{};  ///< what was read
    bool is_asking = false;
    bool is_done = false;
    std::chrono::nanoseconds due{};
  };
  /// What the carrier and the journal answer, from threads of theirs, perhaps after the end.
  struct Answers {
    std::mutex mutex;
    std::vector<std::pair<std::string, Result<Media>>> fetched;  ///< by the text's id
    std::vector<std::pair<std::string, Result<void>>> followed;  ///< and what became of it
  };

  void find_more();
  void take_answers();
  void ask_for_next(Reading& reading);
  void begin_again(Reading& reading) const;
  void follow(const Reading& reading);

  Ports ports_;
  Options options_;
  std::chrono::nanoseconds due_{};
  std::optional<InboundTextId> newest_;
  std::map<std::string, Reading> readings_;  ///< by the text's id; those of the last day
  std::shared_ptr<Answers> answers_ = std::make_shared<Answers>();
};

}  // namespace jobrun::app
