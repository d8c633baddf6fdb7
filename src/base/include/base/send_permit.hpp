#pragma once

namespace jobrun::outbox {
class Dispatcher;
class AlertTexts;
}  // namespace jobrun::outbox

namespace jobrun {

/// Proof that the exit policy was consulted. Only the outbox can make one, for a promised text or for an alert's,
/// and it is used up by the send, so no text leaves without its purpose and origin having been checked.
class SendPermit {
  friend class outbox::Dispatcher;
  friend class outbox::AlertTexts;
  explicit SendPermit() {}

 public:
  SendPermit(SendPermit&&) noexcept = default;
  SendPermit& operator=(SendPermit&&) = delete;
  SendPermit(const SendPermit&) = delete;
  SendPermit& operator=(const SendPermit&) = delete;
  ~SendPermit() = default;
};

}  // namespace jobrun
