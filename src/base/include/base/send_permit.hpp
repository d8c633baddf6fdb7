#pragma once

namespace jobrun::outbox {
class Dispatcher;
}

namespace jobrun {

/// Proof that the exit policy was consulted. Only the outbox's dispatcher can make one, and it is used up
/// by the send, so no text leaves without its purpose and origin having been checked.
class SendPermit {
  friend class outbox::Dispatcher;
  explicit SendPermit() {}

 public:
  SendPermit(SendPermit&&) noexcept = default;
  SendPermit& operator=(SendPermit&&) = delete;
  SendPermit(const SendPermit&) = delete;
  SendPermit& operator=(const SendPermit&) = delete;
  ~SendPermit() = default;
};

}  // namespace jobrun
