#include "service.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <random>
#include <utility>

#include "admin_channel.hpp"
#include "alert/alert_dispatcher.hpp"
#include "alert/email_channel.hpp"
#include "alert/webhook_channel.hpp"
#include "canary_way.hpp"
#include "carrier/accounts.hpp"
#include "carrier/telnyx.hpp"
#include "carrier/twilio.hpp"
#include "console_api/operations.hpp"
#include "conversation_view.hpp"
#include "database_lock.hpp"
#include "doctor.hpp"
#include "doctor/drift_watch.hpp"
#include "gate/gate.hpp"
#include "http_api.hpp"
#include "late_store.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/smtp_client.hpp"
#include "numbering_plan.hpp"
#include "ops/log.hpp"
#include "ops/metrics.hpp"
#include "ops/process_meter.hpp"
#include "outbox/dispatcher.hpp"
#include "owner_view.hpp"
#include "pipeline.hpp"
#include "pump_thread.hpp"
#include "setting_values.hpp"
#include "store/file_spool.hpp"
#include "store/guard.hpp"
#include "store/sqlite_store.hpp"
#include "system_clock.hpp"
#include "time_zones.hpp"
#include "tls_files.hpp"

namespace jobrun::app {
namespace {

/// How long a command that holds the lock is waited for at start.
constexpr Duration lock_wait{5'000};
/// How soon a change of the directory is noticed.
constexpr Duration housekeeping_every{200};
constexpr Duration drift_watch_every{500};
constexpr Duration canary_look_every{200};
/// How long texts in flight are waited for at the end.
constexpr std::chrono::milliseconds stop_grace{5'000};

class SystemRandom final : public Random {
 public:
  std::uint64_t below(std::uint64_t bound) override {
    const std::lock_guard lock(mutex_);
    return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(engine_);
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_{std::random_device{}()};
};

flow::Policy policy_of(const Settings& settings) {
  flow::Policy policy;
  policy.cool_down = settings.cool_down;
  policy.outcome_deadline = settings.outcome_deadline;
  policy.looked_for_deadline = settings.unknown_deadline;
  policy.texts_per_client_and_day = settings.client_texts_per_day;
  policy.texts_per_day = settings.service_texts_per_day;
  policy.time_zone = settings.time_zone;
  policy.loop_texts_max = settings.pair_texts_max;
  policy.loop_window = settings.pair_texts_window;
  policy.countries = settings.text_countries;
  policy.texts_per_country_and_day = settings.country_texts_per_day;
  policy.failsafe_sender = settings.failsafe_sender;
  policy.second_sender = settings.telnyx_sender;
  return policy;
}

outbox::DispatcherOptions outbox_options_of(const Settings& settings) {
  outbox::DispatcherOptions options;
  options.texts_per_second = settings.twilio_texts_per_second;
  options.in_flight_max = static_cast<std::size_t>(settings.twilio_requests_in_flight);
  options.segments_per_second_and_sender = settings.segments_per_second_and_sender;
  options.useful_for = settings.text_useful_for;
  options.window = 2'048;  // twenty seconds at the usual rate, in two megabytes
  return options;
}

alert::AlertDispatcherOptions alert_options_of(const Settings& settings) {
  alert::AlertDispatcherOptions options;
  options.texts_per_hour = static_cast<std::size_t>(settings.alert_texts_per_hour);
  return options;
}

std::optional<alert::EmailChannel::Options> alert_mail_of(const Settings& settings) {
  if (!settings.tells_by_email()) return std::nullopt;
  return alert::EmailChannel::Options{
      .sender = settings.email_sender.empty() ? settings.operator_email : settings.email_sender,
      .operator_ = settings.operator_email};
}

std::optional<AlertTextingOptions> alert_texting_of(const Settings& settings) {
  if (!settings.tells_by_text()) return std::nullopt;
  return AlertTextingOptions{.operator_phone = *settings.operator_phone,
                             .failsafe_sender = *settings.failsafe_sender,
                             .second_sender = settings.telnyx_sender};
}

/// As many requests may be under way as the outbox starts, and some look-ups beside them.
net::HttpClient::Options client_options_of(const Settings& settings) {
  net::HttpClient::Options options;
  const auto in_flight = static_cast<std::size_t>(settings.twilio_requests_in_flight);
  options.connections_per_host_max = std::max(options.connections_per_host_max, in_flight);
  options.in_flight_max = std::max(options.in_flight_max, 2 * in_flight);
  return options;
}

/// What an operator has to know first when the database keeps the service from starting.
std::unexpected<Error> not_started(const Error& error) {
  return failure(
      error.kind,
      "the service did not start, and until it does only the carrier's voice fallback speaks to callers: " +
          error.message);
}

net::HttpResponse text_response(int status, std::string body) {
  return {.status = status, .content_type = "text/plain; charset=utf-8", .body = std::move(body), .headers = {}};
}

}  // namespace

/// The parts, in start order; what stands later uses what stands before.
struct Service::Parts {
  explicit Parts(const Settings& s) : settings(s) {}

  Settings settings;
  SystemClock clock;
  SystemRandom random;
  Traces traces{random};
  std::unique_ptr<ops::JsonLog> log;
  ops::Metrics metrics;
  ops::ProcessMeter process_meter{metrics};
  std::optional<DatabasePlace> place;
  std::optional<DatabaseLock> spool_lock;
  std::optional<DatabaseLock> lock;
  std::unique_ptr<store::SpoolFiles> spool_files;
  std::unique_ptr<store::FileSpool> spool;
  std::unique_ptr<store::SpoolFiles> guard_files;
  std::unique_ptr<store::Guard> guard;
  std::unique_ptr<LateStore> store;
  std::unique_ptr<NumberingPlan> numbering_plan = make_numbering_plan();
  std::unique_ptr<TimeZones> time_zones = make_time_zones();
  std::optional<net::HttpClient> twilio_client;
  std::optional<carrier::TwilioCarrier> twilio;
  std::optional<net::HttpClient>
      telnyx_client;  ///< its own, so that neither carrier waits for the other's requests
  std::optional<carrier::TelnyxCarrier> telnyx;
  std::optional<carrier::AccountsCarrier> carrier;
  std::optional<net::HttpClient> alert_client;
  std::optional<net::SmtpClient> smtp_client;
  std::vector<std::unique_ptr<AlertChannel>> alert_channels;
  std::unique_ptr<Pipeline> pipeline;
  std::unique_ptr<StoreReader> drift_reader;
  std::optional<doctor::DriftWatch> drift_watch;
  std::unique_ptr<StoreReader> canary_reader;
  std::optional<CanaryWay> canary_way;
  std::optional<sweep::Canary> canary;
  std::optional<console_api::Operations> operations;
  std::optional<gate::Gate> gate;
  std::optional<Credentials> credentials;

  // What runs, stopped in this order's reverse by stop().
  std::optional<ledger::WriterThread> writer;
  std::optional<PumpThread<outbox::Dispatcher>> outbox_thread;
  std::optional<PumpThread<alert::AlertDispatcher>> alert_thread;
  std::optional<HousekeepingThread> housekeeping_thread;
  std::optional<HousekeepingThread> drift_thread;
  std::optional<HousekeepingThread> canary_thread;
  std::optional<HttpApi> api;
  std::unique_ptr<AdminServer> admin;
  std::optional<net::HttpServer> server;
  std::optional<TlsFiles> tls_files;

  Result<void> start(Credentials::Read read_again);
  Result<void> open_log();
  Result<void> find_place();
  Result<void> open_spool();
  Result<void> open_store();
  Result<std::unique_ptr<Store>> open_database(Duration wait);
  void open_guard();
  Result<std::shared_ptr<const directory::Snapshot>> load_snapshot() const;
  Result<void> check_reserved_numbers(Store& opened) const;
  void open_carriers();
  void open_alert_channels();
  void warn_of_time_zone();
  Result<void> start_pipeline();
  void watch_drift();
  void send_canaries();
  void wire_gate();
  void wire_credentials(Credentials::Read read_again);
  Result<void> start_admin();
  Result<void> secure(net::HttpServer::Options& options);
  Result<void> run();
  void stop();
  bool is_ready() const { return pipeline->ledger().is_healthy(); }
  directory::ConfiguredNumbers configured() const {
    return {settings.onboarding_number, settings.failsafe_sender, settings.telnyx_sender};
  }
  console_api::ReservedNumbers reserved() const {
    return {settings.onboarding_number, settings.failsafe_sender, settings.telnyx_sender};
  }
};

Result<void> Service::Parts::start(Credentials::Read read_again) {
  if (Result<void> log_open = open_log(); !log_open) return log_open;
  // Before anything that takes time: a certificate that cannot serve is told at once.
  if (const Result<TlsIdentity> identity = load_tls(settings, clock); !identity) {
    return std::unexpected(identity.error());
  }
  try {
    if (Result<void> found = find_place(); !found) return found;
    if (Result<void> spool_open = open_spool(); !spool_open) return spool_open;
    if (Result<void> store_open = open_store(); !store_open) return store_open;
    open_guard();
    open_carriers();
    open_alert_channels();
    if (Result<void> wired = start_pipeline(); !wired) return wired;
    watch_drift();
    send_canaries();
    wire_gate();
    wire_credentials(std::move(read_again));
    return run();
  } catch (const StoreFailure& failed) {
    return not_started({ErrorKind::unavailable, "the database cannot be used: " + failed.message});
  } catch (const std::invalid_argument& unusable) {
    return invalid(unusable.what());
  }
}

Result<void> Service::Parts::open_log() {
  Result<std::unique_ptr<ops::JsonLog>> opened =
      ops::JsonLog::open({.level = settings.log_level,
                          .file = {},
                          .show_customers = settings.log_customer_numbers,
                          .traces = &traces},
                         clock);
  if (!opened) return std::unexpected(opened.error());
  log = std::move(*opened);
  for (const std::string& warning : settings.warnings) log->write({LogLevel::warning, warning, "", {}});
  return {};
}

Result<void> Service::Parts::find_place() {
  Result<DatabasePlace> found = place_of_database(settings.database);
  if (!found) return not_started(found.error());
  place = std::move(*found);
  if (!settings.spool_dir.empty()) place->spool = settings.spool_dir;
  return {};
}

/// Two services must not take the same spool for theirs.
Result<void> Service::Parts::open_spool() {
  auto files = store::open_spool_folder(place->spool.string());
  if (!files) return std::unexpected(files.error());
  spool_files = std::move(*files);
  Result<DatabaseLock> locked = DatabaseLock::acquire(place->spool / "lock", "the spool " + place->spool.string(),
                                                      "jobrun serve", lock_wait);
  if (!locked) return std::unexpected(locked.error());
  spool_lock = std::move(*locked);
  auto opened = store::FileSpool::open(*spool_files, metrics, *log);
  if (!opened) return std::unexpected(opened.error());
  spool = std::move(*opened);
  return {};
}

/// A service that has run on the database starts without it, rather than leave callers in silence.
Result<void> Service::Parts::open_store() {
  store = std::make_unique<LateStore>(
      [this, wait = lock_wait]() mutable { return open_database(std::exchange(wait, Duration{0})); });
  const Result<void> opened = store->open();
  if (opened) return check_reserved_numbers(*store);
  // Held: another service may be serving.
  if (opened.error().kind == ErrorKind::conflict) return std::unexpected(opened.error());
  if (!load_snapshot()) return not_started(opened.error());
  return {};
}

Result<std::unique_ptr<Store>> Service::Parts::open_database(Duration wait) {
  if (!lock) {
    Result<DatabaseLock> locked = DatabaseLock::acquire(*place, "jobrun serve", wait);
    if (!locked) return std::unexpected(locked.error());
    lock = std::move(*locked);
  }
  // While it cannot be used it is free for the commands that mend it.
  const auto unusable = [this](const Error& error) {
    lock.reset();
    return failure(ErrorKind::unavailable, error.message);
  };
  if (const Result<void> checked = check_database_not_lost(*place); !checked) return unusable(checked.error());
  if (const auto migrated = store::migrate(place->database, clock.now()); !migrated) {
    return unusable(migrated.error());
  }
  auto opened = store::SqliteStore::open(place->database);
  if (!opened) return unusable(opened.error());
  if (pipeline) {
    // Too late to refuse to start.
    if (const Result<void> checked = check_reserved_numbers(**opened); !checked) {
      log->write({LogLevel::critical,
                  "a number of the settings may not be used",
                  "",
                  {{"error", checked.error().message}}});
    }
  }
  return std::move(*opened);
}

void Service::Parts::open_guard() {
  const std::filesystem::path file = place->guard;
  guard_files = store::open_folder(file.parent_path().string());
  guard = std::make_unique<store::Guard>(*guard_files, file.filename().string(), *log);
}

Result<std::shared_ptr<const directory::Snapshot>> Service::Parts::load_snapshot() const {
  return directory::Snapshot::load(place->directory_snapshot, configured());
}

Result<void> Service::Parts::check_reserved_numbers(Store& opened) const {
  const std::unique_ptr<StoreReader> reader = opened.reader();
  return console_api::check_reserved_numbers(reserved(), *reader);
}

/// Telnyx is asked for statuses only where they can be believed: with its public key.
void Service::Parts::open_carriers() {
  twilio_client.emplace(client_options_of(settings));
  twilio.emplace(*twilio_client, carrier::TwilioCarrier::Options{.api_url = settings.twilio_api_url,
                                                                 .messaging_url = settings.messaging_url(),
                                                                 .account_sid = settings.twilio_account_sid,
                                                                 .auth_token = settings.twilio_auth_tokens.front(),
                                                                 .status_callback_base = settings.public_url,
                                                                 .traces = &traces});
  if (settings.telnyx_sender) {
    const bool can_check = !settings.telnyx_public_key.empty();
    telnyx_client.emplace(client_options_of(settings));
    telnyx.emplace(*telnyx_client,
                   carrier::TelnyxCarrier::Options{.api_url = settings.telnyx_api_url,
                                                   .api_key = settings.telnyx_api_key,
                                                   .status_callback_base = can_check ? settings.public_url : "",
                                                   .traces = &traces});
  }
  carrier.emplace(*twilio, telnyx ? &*telnyx : nullptr);
}

/// Each with a client of its own, so that neither waits for the other's server. The ways to people are the
/// pipeline's.
void Service::Parts::open_alert_channels() {
  if (settings.tells_by_webhook()) {
    alert_client.emplace(net::HttpClient::Options{});
    alert_channels.push_back(std::make_unique<alert::WebhookChannel>(
        *alert_client, clock,
        alert::WebhookChannel::Options{
            .url = settings.alert_webhook_url, .secret = settings.alert_webhook_secret, .traces = &traces}));
  }
  if (settings.tells_by_email()) {
    smtp_client.emplace(net::SmtpClient::Options{.url = settings.smtp_url,
                                                 .user = settings.smtp_user,
                                                 .password = settings.smtp_password,
                                                 .needs_tls = !is_loopback_url(settings.smtp_url)});
  }
}

/// A zone that is not known is no reason not to serve callers.
void Service::Parts::warn_of_time_zone() {
  if (settings.time_zone == "UTC" || time_zones->knows(settings.time_zone)) return;
  log->write(
      {LogLevel::warning,
       "TIME ZONE NOT KNOWN: clients who have set none are taken to be in UTC; set JOBRUN_TIME_ZONE to an IANA "
       "name, as Europe/London, and see that the system has its time zone database (tzdata)",
       "",
       {{"time_zone", settings.time_zone}}});
}

Result<void> Service::Parts::start_pipeline() {
  warn_of_time_zone();
  std::vector<AlertChannel*> channels;
  for (const auto& channel : alert_channels) channels.push_back(channel.get());
  const std::string snapshot_path = place->directory_snapshot;
  auto started = Pipeline::start(
      Pipeline::Ports{
          .store = *store,
          .spool = spool.get(),
          .guard = guard.get(),
          .carrier = *carrier,
          .alert_channels = std::move(channels),
          .numbering_plan = *numbering_plan,
          .time_zones = *time_zones,
          .meter = metrics,
          .log = *log,
          .clock = clock,
          .random = random,
          .save_snapshot = [snapshot_path](const directory::Snapshot& s) { return s.save(snapshot_path); },
          .load_snapshot = [this] { return load_snapshot(); },
          .carrier_calls = &*twilio,
          .carrier_numbers = &*twilio,
          .carrier_texts = &*twilio,
          .carrier_media = &*twilio,
          .mail = [this](net::Mail mail,
                         net::SmtpClient::Done done) { smtp_client->send(std::move(mail), std::move(done)); }},
      Pipeline::Options{.configured = configured(),
                        .policy = policy_of(settings),
                        .sign_up = {.activation = settings.onboarding_activation,
                                    .invite_codes = settings.onboarding_invite_codes},
                        .ledger = {.commit_deadline = settings.commit_deadline},
                        .outbox = outbox_options_of(settings),
                        .look_ups = {.first_look = settings.unknown_look_every,
                                     .look_every = settings.unknown_look_every,
                                     .look_every_max = std::max(outbox::LookUpOptions{}.look_every_max,
                                                                settings.unknown_look_every),
                                     .useful_for = settings.text_useful_for},
                        .alerts = alert_options_of(settings),
                        .alert_texting = alert_texting_of(settings),
                        .alert_mail = alert_mail_of(settings),
                        .sweep = {.public_url = settings.public_url,
                                  .reach = {.grace = settings.sweep_grace},
                                  .every = settings.sweep_every},
                        .old_words = {.days = static_cast<int>(settings.retention_days)},
                        .texts_waiting_alert_above = settings.texts_waiting_alert_above});
  if (!started) return std::unexpected(started.error());
  pipeline = std::move(*started);
  return {};
}

void Service::Parts::watch_drift() {
  drift_reader = store->reader();
  drift_watch.emplace(
      doctor::DriftWatch::Ports{.numbers = *twilio,
                                .journal = pipeline->ledger(),
                                .meter = metrics,
                                .log = *log,
                                .clock = clock,
                                .expected = [this] { return expected_numbers(settings, *drift_reader); },
                                .account = &*twilio,
                                .rules = account_rules(settings)},
      doctor::DriftWatch::Options{.every = settings.drift_check_every});
}

void Service::Parts::send_canaries() {
  if (settings.canary_every == Duration{0}) return;
  canary_reader = store->reader();
  canary_way.emplace(settings);
  canary.emplace(sweep::Canary::Ports{.way = canary_way->ports(*canary_reader),
                                      .can_be_kept = [this] { return !pipeline->ledger().is_spooling(); },
                                      .journal = pipeline->ledger(),
                                      .meter = metrics,
                                      .log = *log,
                                      .clock = clock},
                 sweep::CanaryOptions{.every = settings.canary_every});
}

void Service::Parts::wire_gate() {
  operations.emplace(
      console_api::Operations::Ports{
          .open_reader = [this] { return store->reader(); },
          .journal = pipeline->ledger(),
          .clock = clock,
          .describe_owner = owner_view,
          .describe_conversation = conversation_view,
          .reply_to_customer =
              [this](const console_api::OperatorReply& reply, FactReader& facts, Instant now) {
                return pipeline->reply_to_customer({reply.contact, reply.cause, reply.words}, facts, now);
              },
          .promised = [this](const Commit& commit,
                             std::vector<TextRecord> texts) { pipeline->promised(commit, std::move(texts)); },
          .time_zones = time_zones.get(),
          .country_of = [this](E164 number) { return numbering_plan->country_of(number); }},
      reserved());
  gate.emplace(gate::Gate::Options{.public_url = settings.public_url,
                                   .auth_tokens = settings.twilio_auth_tokens,
                                   .telnyx_public_key = settings.telnyx_public_key,
                                   .canary_number = settings.canary_number,
                                   .traces = &traces},
               pipeline->ledger(), metrics, *log, clock);
  gate->mount("/healthz", [](const net::HttpRequest&, const net::Respond& respond) {
    respond(text_response(200, "alive\n"));
  });
  gate->mount("/readyz", [this](const net::HttpRequest&, const net::Respond& respond) {
    respond(is_ready() ? text_response(200, "ready\n")
                       : text_response(503, "events can be written neither to the database nor to the spool\n"));
  });
  metrics.set(Metric::build_info, 1, ops::label_values("version").front());
  metrics.set(Metric::process_start_time_seconds, static_cast<double>(to_unix_ms(clock.now())) / 1000, {});
  gate->mount("/metrics", [this](const net::HttpRequest&, const net::Respond& respond) {
    process_meter.refresh();
    net::HttpResponse response = text_response(200, metrics.exposition());
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    respond(std::move(response));
  });
}

void Service::Parts::wire_credentials(Credentials::Read read_again) {
  const auto take_tokens = [this](const std::vector<std::string>& tokens) {
    twilio->replace_auth_token(tokens.front());
    gate->replace_auth_tokens(tokens);
    if (canary_way) canary_way->replace_auth_token(tokens.front());
  };
  credentials.emplace(settings, std::move(read_again),
                      Credentials::Users{.twilio_auth_tokens = take_tokens,
                                         .telnyx_api_key =
                                             [this](const std::string& key) {
                                               if (telnyx) telnyx->replace_api_key(key);
                                             },
                                         .replaced = [this] { pipeline->outbox().credentials_replaced(); }},
                      *log);
}

/// Where the database's folder cannot be written, callers are served all the same, and this is tried again.
Result<void> Service::Parts::start_admin() {
  auto started = AdminServer::start(place->admin_socket,
                                    [this](const nlohmann::json& request) { return operations->handle(request); });
  if (!started) return std::unexpected(started.error());
  admin = std::move(*started);
  return {};
}

/// TLS by what the files hold now; they are looked at from then on.
Result<void> Service::Parts::secure(net::HttpServer::Options& options) {
  if (settings.tls_certificate_file.empty()) return {};
  const auto renew = [this](TlsIdentity identity) { server->renew_tls(std::move(identity)); };
  tls_files.emplace(settings, renew, clock, *log);
  Result<TlsIdentity> identity = load_tls(settings, clock);
  if (!identity) return std::unexpected(identity.error());
  options.tls = *std::move(identity);
  return {};
}

Result<void> Service::Parts::run() {
  writer.emplace(pipeline->ledger());
  outbox_thread.emplace(pipeline->outbox());
  alert_thread.emplace(pipeline->alerts());
  drift_thread.emplace([this] { drift_watch->pump(); }, drift_watch_every);
  if (Result<void> started = start_admin(); !started && !pipeline->ledger().is_standing_in()) return started;
  housekeeping_thread.emplace(
      [this] {
        pipeline->housekeeping().run_once();
        if (!admin) static_cast<void>(start_admin());
      },
      housekeeping_every);

  api.emplace(settings.admin_token,
              HttpApi::Ports{.ask = [this](const nlohmann::json& request) { return operations->handle(request); },
                             .meter = metrics,
                             .log = *log,
                             .clock = clock,
                             .traces = &traces});
  net::HttpServer::Options options;
  options.address = settings.listen.host;
  options.port = settings.listen.port;
  options.on_refusal = [this](net::ServerRefusal refusal) { gate->count_refusal_by_server(refusal); };
  if (Result<void> secured = secure(options); !secured) return secured;
  server.emplace(std::move(options), [this](net::HttpRequest&& request, net::Respond respond) {
    if (HttpApi::is_for(request.path())) return api->handle(std::move(request), std::move(respond));
    gate->handle(std::move(request), std::move(respond));
  });
  if (const Result<void> listening = server->start(); !listening) return listening;
  if (canary) canary_thread.emplace([this] { canary->pump(); }, canary_look_every);
  return {};
}

void Service::Parts::stop() {
  canary_thread.reset();
  if (server) server->stop();
  api.reset();
  housekeeping_thread.reset();
  admin.reset();
  drift_thread.reset();
  if (outbox_thread) outbox_thread->stop(stop_grace);
  if (alert_thread) alert_thread->stop(stop_grace);
  writer.reset();
}

Result<std::unique_ptr<Service>> Service::start(const Settings& settings, Credentials::Read read_again) {
  std::unique_ptr<Service> service(new Service(std::make_unique<Parts>(settings)));
  if (Result<void> started = service->parts_->start(std::move(read_again)); !started)
    return std::unexpected(started.error());
  service->parts_->log->write({LogLevel::info,
                               "serving",
                               "",
                               {{"address", settings.listen.host}, {"port", std::to_string(service->port())}}});
  return service;
}

Service::Service(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Service::~Service() {
  parts_->stop();
}

std::uint16_t Service::port() const {
  return parts_->server->port();
}

Credentials& Service::credentials() {
  return *parts_->credentials;
}

void Service::look_at_certificate() {
  if (parts_->tls_files) parts_->tls_files->look();
}

}  // namespace jobrun::app
