#include "command_line.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "admin_channel.hpp"
#include "console_api/operations.hpp"
#include "conversation_view.hpp"
#include "database_lock.hpp"
#include "inline_journal.hpp"
#include "owner_view.hpp"
#include "store/sqlite_store.hpp"
#include "system_clock.hpp"

namespace jobrun::app {
namespace {

using nlohmann::json;

struct Ran {
  ExitCode code;
  std::string out;
  std::string err;
  json parsed() const { return json::parse(out); }
};

class CommandLineTest : public testing::Test {
 protected:
  CommandLineTest() {
    std::string pattern = testing::TempDir() + "commands_XXXXXX";
    directory_ = mkdtemp(pattern.data());
    database_ = directory_ + "/jobrun.db";
    variables_["JOBRUN_DATABASE_URL"] = "sqlite://" + database_;
  }
  ~CommandLineTest() override { std::filesystem::remove_all(directory_); }

  Ran run(const std::vector<std::string>& arguments) {
    std::ostringstream out;
    std::ostringstream err;
    CommandEnvironment environment{
        .out = out,
        .err = err,
        .clock = clock_,
        .sources = {.environment = [this](const std::string& name) -> std::optional<std::string> {
                      const auto found = variables_.find(name);
                      if (found == variables_.end()) return std::nullopt;
                      return found->second;
                    },
                    .environment_names = {},
                    .config_file = {}},
        .serve = [this](const Settings& settings,
                        const std::function<Result<Settings>()>& read_again) -> Result<void> {
          served_ = settings.public_url;
          before_reading_again_();
          read_again_ = read_again();
          return serve_result_;
        },
        .simulate = [this](const simulator::Options& options) -> Result<void> {
          simulated_ = options;
          return {};
        },
        .database_wait = wait_};
    const ExitCode code = run_command_line(arguments, environment);
    return {code, out.str(), err.str()};
  }
  json run_json(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, ExitCode::ok) << ran.err;
    return ran.parsed();
  }
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(directory_ + "/" + name) << text;
    return directory_ + "/" + name;
  }
  void add_client() { run_json({"clients", "add", "--name", "Smith & Sons", "--phone", "+14155550123"}); }

  SystemClock clock_;
  std::string directory_;
  std::string database_;
  std::map<std::string, std::string> variables_;
  Duration wait_{0};
  std::string served_;
  std::function<void()> before_reading_again_ = [] {};
  std::optional<Result<Settings>> read_again_;
  Result<void> serve_result_;
  std::optional<simulator::Options> simulated_;
};

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

// Goal: the main errands work from an empty directory, and programs find ids as `id`.
// Method: add a client and a number, list both, as JSON and as a table.
TEST_F(CommandLineTest, RegistersABusiness) {
  const json client = run_json({"clients", "add", "--name", "Smith & Sons", "--phone", "+14155550123"});
  EXPECT_EQ(client.at("id"), 1);
  const json number = run_json({"numbers", "add", "+14155550100", "--role", "operational", "--client", "1"});
  EXPECT_EQ(number,
            json({{"number", "+14155550100"}, {"role", "operational"}, {"client_id", 1}, {"available", false}}));
  EXPECT_EQ(run_json({"clients", "list"}), json::array({client}));
  EXPECT_EQ(run_json({"clients"}), json::array({client}));
  EXPECT_EQ(run_json({"numbers", "list"}), json::array({number}));
  EXPECT_EQ(run_json({"calls", "list"}), json::array());
  EXPECT_EQ(run_json({"calls", "--open"}), json::array());
  EXPECT_EQ(run_json({"texts", "list"}), json::array());
  EXPECT_EQ(run_json({"texts", "--show"}), json::array());
  EXPECT_EQ(run_json({"incidents"}), json::array());
  const Ran table = run({"numbers", "list"});
  EXPECT_EQ(table.out,
            "NUMBER            ROLE         CLIENT  AVAILABLE\n+14155550100      operational  1       -\n");
}

// Goal: what a business sets for itself has an option each, and its phrases one for all; default takes them back.
// Method: set two settings and two phrases, shown to people and programs; take some back; a phrase without words.
TEST_F(CommandLineTest, SetsWhatABusinessSetsForItself) {
  add_client();
  run_json({"clients", "set", "--wording", "text_accepted={business}: see you soon.", "--wording",
            "text_declined={business}: sorry, no.", "1", "--business-hours", "Mon-Fri 08:00-17:30", "--voice-mode",
            "ring_first"});
  const json settings = run_json({"clients", "show", "1"}).at("settings");
  EXPECT_EQ(settings, json({{"business_hours", "Mon-Fri 08:00-17:30"},
                            {"voice_mode", "ring_first"},
                            {"wording.text_accepted", "{business}: see you soon."},
                            {"wording.text_declined", "{business}: sorry, no."}}));
  const Ran taken_back =
      run({"clients", "set", "1", "--business-hours", "default", "--wording", "text_declined=default"});
  EXPECT_SAYS(taken_back.out, "wording.text_accepted");
  EXPECT_EQ(taken_back.out.find("text_declined"), std::string::npos);
  EXPECT_EQ(taken_back.out.find("business_hours"), std::string::npos);
  EXPECT_EQ(run({"clients", "set", "1", "--wording", "text_accepted"}).code, ExitCode::invalid);
  EXPECT_EQ(run({"clients", "set", "1", "--busy-until", "0"}).code, ExitCode::invalid) << "the owner's to say";
  EXPECT_SAYS(run({"clients", "preview", "1"}).out, "text_accepted, in its own words, gsm7, 1 segment");
}

// Goal: who is not to be texted is kept by two names of one list each, and told.
// Method: block and skip one phone each, list, undo.
TEST_F(CommandLineTest, KeepsListsOfPeople) {
  add_client();
  EXPECT_EQ(run({"clients", "people", "1"}).out, "Nobody.\n");
  EXPECT_EQ(run({"clients", "block", "1", "+14155550177"}).out, "+14155550177 blocked for client 1\n");
  EXPECT_EQ(run({"clients", "skip", "1", "+14155550178"}).out, "+14155550178 not texted for client 1\n");
  EXPECT_EQ(run({"clients", "people", "1"}).out,
            "PHONE             FACT\n+14155550177      blocked\n+14155550178      do_not_text\n");
  EXPECT_EQ(run({"clients", "unskip", "1", "+14155550178"}).out, "+14155550178 texted again for client 1\n");
  EXPECT_EQ(run_json({"clients", "people", "1"}).size(), 1U);
}

// Goal: without a running service nobody is texted, and the rest of an operator's errands works.
// Method: each command with nothing there; an erasure of somebody who never called.
TEST_F(CommandLineTest, LooksAfterConversationsTriageAndPeople) {
  add_client();
  EXPECT_EQ(run({"conversations"}).out, "No conversations.\n");
  EXPECT_EQ(run_json({"conversations", "list", "--client", "1"}), json::array());
  EXPECT_EQ(run({"conversations", "list", "--client", "none"}).code, ExitCode::invalid);
  EXPECT_EQ(run({"conversations", "show", "1"}).code, ExitCode::not_found);
  EXPECT_EQ(run({"triage"}).out, "No texts to nobody's number.\n");
  EXPECT_EQ(run({"triage", "adopt", "1", "--client", "1"}).code, ExitCode::not_found);
  EXPECT_EQ(run({"people"}).code, ExitCode::invalid);
  EXPECT_EQ(run_json({"people", "export", "+14155550177"}).at("calls"), json::array());
  EXPECT_SAYS(run({"people", "erase", "+14155550177"}).out, "+14155550177 erased: 0 alerts, 0 calls");
  EXPECT_EQ(run({"people", "erase", "+14155550123"}).code, ExitCode::conflict) << "an owner";
}

// Goal: an operator keeps a pool for owners who sign up, and says how an owner is alerted.
// Method: add a number, list it, assign it; set the owner's address and take it away, seen by people and programs.
TEST_F(CommandLineTest, KeepsNumbersForOwnersAndHowTheyAreAlerted) {
  add_client();
  EXPECT_EQ(run({"numbers", "add", "+14155550100", "--available"}).out, "+14155550100: system, available\n");
  EXPECT_EQ(run({"numbers", "list"}).out,
            "NUMBER            ROLE         CLIENT  AVAILABLE\n+14155550100      system       -       yes\n");
  const json assigned = run_json({"numbers", "assign", "+14155550100", "--role", "operational", "--client", "1"});
  EXPECT_FALSE(assigned.at("available"));
  EXPECT_EQ(run({"numbers", "add", "+14155550101"}).code, ExitCode::invalid) << "neither a role nor available";

  EXPECT_EQ(run({"clients", "set", "1", "--alert-by", "email"}).code, ExitCode::invalid) << "without an address";
  EXPECT_EQ(run({"clients", "set", "1", "--alert-by", "fax"}).code, ExitCode::invalid);
  const Ran set = run({"clients", "set", "1", "--alert-by", "both", "--owner-email", "joe@example.com"});
  EXPECT_SAYS(set.out, "alerts by       both");
  EXPECT_SAYS(set.out, "owner's e-mail  joe@example.com");
  EXPECT_SAYS(run({"clients", "list"}).out, "both");
  EXPECT_EQ(run({"clients", "set", "1", "--owner-email", "none"}).code, ExitCode::invalid);
  const json back = run_json({"clients", "set", "1", "--alert-by", "text", "--owner-email", "none"});
  EXPECT_EQ(back.at("alert_by"), "text");
  EXPECT_TRUE(back.at("owner_email").is_null());
}

// Goal: a name that makes every text dearer is taken, and whoever gives it is told.
// Method: a curly quote, for people and for programs; then a plain name.
TEST_F(CommandLineTest, WarnsOfANameThatLeavesGsm7) {
  const std::string curly = "Joe\u2019s Plumbing";
  const Ran added = run({"clients", "add", "--name", curly, "--phone", "+14155550123"});
  EXPECT_EQ(added.code, ExitCode::ok);
  EXPECT_SAYS(added.out, "client 1 added");
  EXPECT_SAYS(added.err, "warning: the name has \u2019 (U+2019)");
  EXPECT_EQ(std::ranges::count(added.err, '\n'), 1);
  const Ran set = run({"clients", "set", "1", "--name", curly, "--json"});
  EXPECT_EQ(set.err, "");
  EXPECT_EQ(set.parsed().at("warnings").size(), 1U);
  const Ran plain = run({"clients", "set", "1", "--name", "Joe's Plumbing"});
  EXPECT_EQ(plain.err, "");
}

// Goal: every kind of failure has its exit code, a sentence, and nothing on standard output.
// Method: one command a row.
TEST_F(CommandLineTest, ExitCodesTellFailuresApart) {
  add_client();
  run_json({"numbers", "add", "+14155550100", "--role", "operational", "--client", "1"});
  const std::vector<std::pair<std::vector<std::string>, ExitCode>> rows = {
      {{}, ExitCode::invalid},
      {{"clints"}, ExitCode::invalid},
      {{"clients", "add", "--name", "x"}, ExitCode::invalid},
      {{"clients", "add", "--name", "x", "--phone", "4155550123"}, ExitCode::invalid},
      {{"clients", "add", "--name", "x", "--phone", "+14155550124", "--cool-down", "60"}, ExitCode::invalid},
      {{"clients", "set", "1"}, ExitCode::invalid},
      {{"clients", "set", "one", "--name", "x"}, ExitCode::invalid},
      {{"numbers", "add", "+14155550101", "--role", "boss"}, ExitCode::invalid},
      {{"numbers", "add", "+14155550101", "--role", "system", "--client", "x"}, ExitCode::invalid},
      {{"calls", "list", "--limit", "0"}, ExitCode::invalid},
      {{"calls", "show", "no sid"}, ExitCode::invalid},
      {{"completion", "csh"}, ExitCode::invalid},
      {{"simulate", "--listen", "here"}, ExitCode::invalid},
      {{"simulate", "--webhook-url", "https://under_score.example.com"}, ExitCode::invalid},
      {{"serve"}, ExitCode::invalid},
      {{"clients", "pause", "9"}, ExitCode::not_found},
      {{"calls", "show", "CA9"}, ExitCode::not_found},
      {{"numbers", "import", directory_ + "/absent.csv"}, ExitCode::not_found},
      {{"numbers", "add", "+14155550100", "--role", "system"}, ExitCode::conflict},
      {{"clients", "remove", "1"}, ExitCode::conflict},
  };
  for (const auto& [arguments, code] : rows) {
    const Ran ran = run(arguments);
    const std::string shown = arguments.empty() ? "(none)" : arguments.front() + " " + arguments.back();
    EXPECT_EQ(ran.code, code) << shown << ": " << ran.err;
    EXPECT_TRUE(ran.out.empty()) << shown << ": " << ran.out;
    EXPECT_TRUE(ran.err.starts_with("jobrun: ")) << shown << ": " << ran.err;
  }
  EXPECT_SAYS(run({"clints", "list"}).err, "did you mean jobrun clients?");
  EXPECT_SAYS(run({"clients", "lst"}).err, "did you mean jobrun clients list?");
  const Ran failed = run({"clients", "pause", "9", "--json"});
  EXPECT_EQ(json::parse(failed.err).at("error").at("code"), "not_found");
  variables_["JOBRUN_DATABASE_URL"] = "sqlite:///no/such/directory/jobrun.db";
  EXPECT_EQ(run({"clients", "list"}).code, ExitCode::unavailable);
  variables_["JOBRUN_DATABASE_URL"] = "postgresql://db/jobrun";
  EXPECT_EQ(run({"clients", "list"}).code, ExitCode::invalid);
}

// Goal: looking at a database that is not there makes none: a misspelt path is noticed.
// Method: list on an empty directory; then migrate, twice.
TEST_F(CommandLineTest, LookingMakesNoDatabase) {
  EXPECT_EQ(run({"clients", "list"}).code, ExitCode::not_found);
  EXPECT_FALSE(std::filesystem::exists(database_));
  const json made = run_json({"migrate"});
  EXPECT_EQ(made.at("from"), 0);
  EXPECT_GT(made.at("to"), 0);
  EXPECT_EQ(run_json({"migrate"}).at("from"), made.at("to"));
  EXPECT_EQ(run_json({"clients", "list"}), json::array());
}

// Goal: each change of a client and of a number does what its name says.
// Method: one after the other, looking at the answer.
TEST_F(CommandLineTest, ChangesClientsAndNumbers) {
  add_client();
  EXPECT_TRUE(run_json({"clients", "pause", "1"}).at("paused"));
  EXPECT_FALSE(run_json({"clients", "resume", "1"}).at("paused"));
  const json set = run_json({"clients", "set", "1", "--name", "Smith", "--cool-down", "1h30m", "--countries",
                             "US,CA", "--texts-per-day", "9", "--own-number", "+14155550170"});
  EXPECT_EQ(set.at("name"), "Smith");
  EXPECT_EQ(set.at("cool_down_seconds"), 5400);
  EXPECT_EQ(set.at("countries"), json({"CA", "US"}));
  const json restored = run_json({"clients", "set", "1", "--cool-down", "default", "--countries", "default",
                                  "--texts-per-day", "default", "--own-number", "none"});
  EXPECT_EQ(restored.at("name"), "Smith");
  for (const char* field : {"cool_down_seconds", "texts_per_day", "own_number"}) {
    EXPECT_TRUE(restored.at(field).is_null()) << field;
  }
  EXPECT_TRUE(run_json({"clients", "block", "1", "+14155550177"}).at("holds"));
  EXPECT_EQ(run_json({"clients", "unblock", "1", "+14155550177", "--do-not-text"}).at("fact"), "do_not_text");
  run_json({"numbers", "add", "+14155550100", "--role", "operational"});
  EXPECT_EQ(run_json({"numbers", "assign", "+14155550100", "--client", "1"}).at("client_id"), 1);
  EXPECT_TRUE(run_json({"numbers", "assign", "+14155550100", "--client", "none"}).at("client_id").is_null());
  EXPECT_EQ(run_json({"numbers", "assign", "+14155550100", "--role", "system"}).at("role"), "system");
  run_json({"numbers", "remove", "+14155550100"});
  EXPECT_EQ(run_json({"numbers", "list"}), json::array());
  EXPECT_EQ(run_json({"clients", "remove", "1"}).at("id"), 1);
  EXPECT_EQ(run_json({"clients", "list"}), json::array());
}

// Goal: senders that the carrier blocks are listed for people and for programs, and unblocked by their number.
// Method: none; one that the store holds; unblocked; again.
TEST_F(CommandLineTest, ListsAndUnblocksSenders) {
  run_json({"migrate"});
  EXPECT_EQ(run({"senders"}).out, "No blocked senders.\n");
  EXPECT_EQ(run_json({"senders", "list"}), json::array());
  {
    auto store = store::SqliteStore::open(database_);
    ASSERT_TRUE(store) << store.error().message;
    const auto batch = (*store)->begin({});
    batch->block_sender({.way = {Account::first, *E164::parse("+14155550100")},
                         .code = 30034,
                         .since = from_unix_ms(1'767'435'330'250)});
    ASSERT_TRUE(batch->commit());
  }
  EXPECT_EQ(run({"senders", "list"}).out,
            "NUMBER        ACCOUNT  CODE   SINCE (UTC)\n"
            "+14155550100  first    30034  2026-01-03 10:15:30\n");
  EXPECT_EQ(run_json({"senders"}).at(0).at("code"), 30034);
  EXPECT_EQ(run({"senders", "unblock", "+14155550100"}).out, "+14155550100 unblocked\n");
  EXPECT_EQ(run_json({"senders"}), json::array());
  const Ran again = run({"senders", "unblock", "+14155550100"});
  EXPECT_EQ(again.code, ExitCode::not_found);
  EXPECT_SAYS(again.err, "not a blocked sender");
}

// Goal: a running service can read its settings anew from where it had them.
// Method: a file named on the command line, changed before it is read again.
TEST_F(CommandLineTest, ServeCanReadItsSettingsAgain) {
  const std::string config = write("jobrun.toml",
                                   "public_url = \"https://calls.example.com\"\n[twilio]\naccount_sid = \"AC0\"\n"
                                   "auth_token = \"token\"\n");
  before_reading_again_ = [this] { write("jobrun.toml", "public_url = 7\n"); };
  EXPECT_EQ(run({"serve", "--config", config}).code, ExitCode::ok);
  EXPECT_EQ(served_, "https://calls.example.com");
  ASSERT_TRUE(read_again_.has_value());
  ASSERT_FALSE(read_again_->has_value());
  EXPECT_SAYS(read_again_->error().message, "public_url");
}

// Goal: an import names each bad line on the terminal and changes nothing; a good one says what it added.
// Method: a bad file, then the mended one.
TEST_F(CommandLineTest, ImportsAFile) {
  add_client();
  const std::string bad = write("bad.csv", "number,role,client_id\n+14155550101,operational,1\n4155,system,\n");
  const Ran refused = run({"numbers", "import", bad});
  EXPECT_EQ(refused.code, ExitCode::invalid);
  EXPECT_SAYS(refused.err, "line 3: ");
  EXPECT_EQ(run_json({"numbers", "list"}), json::array());
  const std::string good =
      write("good.csv", "number,role,client_id\n+14155550101,operational,1\n+14155550102,system,\n");
  EXPECT_EQ(run_json({"numbers", "import", good}), json({{"rows", 2}, {"added", 2}, {"unchanged", 0}}));
}

/// A server as `serve` makes one: it holds the lock and answers at the admin socket.
class InProcessServer {
 public:
  InProcessServer(const std::string& database, const Clock& clock)
      : place_(*place_of_database(database)),
        lock_(*DatabaseLock::acquire(place_, "jobrun serve", Duration{0})),
        store_(*store::SqliteStore::open(database)),
        journal_(*store_, clock, [] {}),
        one_at_a_time_(journal_),
        operations_({.open_reader = [this] { return store_->reader(); },
                     .journal = one_at_a_time_,
                     .clock = clock,
                     .describe_owner = owner_view,
                     .describe_conversation = conversation_view},
                    {}),
        admin_(*AdminServer::start(place_.admin_socket, [this](const json& request) {
          ++requests;
          return operations_.handle(request);
        })) {}
  std::atomic<int> requests = 0;

 private:
  class OneAtATime : public Journal {
   public:
    explicit OneAtATime(Journal& journal) : journal_(journal) {}
    void submit(JournalWork work) override {
      const std::lock_guard lock(mutex_);
      journal_.submit(std::move(work));
    }

   private:
    std::mutex mutex_;
    Journal& journal_;
  };
  DatabasePlace place_;
  DatabaseLock lock_;
  std::unique_ptr<store::SqliteStore> store_;
  InlineJournal journal_;
  OneAtATime one_at_a_time_;
  console_api::Operations operations_;
  std::unique_ptr<AdminServer> admin_;
};

// Goal: beside a running server commands go through it, give the same answers and lose nothing.
// Method: the same errands with the lock held; eight commands at once; then the database by itself.
TEST_F(CommandLineTest, WorksBesideARunningServer) {
  add_client();
  {
    InProcessServer server(database_, clock_);
    EXPECT_EQ(run_json({"clients", "list"}).size(), 1u);
    EXPECT_EQ(run({"clients", "pause", "9"}).code, ExitCode::not_found);
    const std::string file = write("numbers.csv", "number,role,client_id\n+14155550101,operational,1\n");
    EXPECT_EQ(run_json({"numbers", "import", file}).at("added"), 1);
    EXPECT_EQ(server.requests, 3);
    std::vector<std::jthread> commands;
    for (int each = 0; each < 8; ++each) {
      commands.emplace_back([this, each] {
        run_json({"numbers", "add", "+1415555020" + std::to_string(each), "--role", "system"});
      });
    }
  }
  EXPECT_EQ(run_json({"numbers", "list"}).size(), 9u);
}

// Goal: what is not UTF-8 is refused, and not changed on its way to a running server.
// Method: the same name without a server and beside one.
TEST_F(CommandLineTest, RefusesWhatIsNotUtf8) {
  add_client();
  const std::vector<std::string> command = {"clients", "set", "1", "--name", "Sm\xFFth"};
  EXPECT_EQ(run(command).code, ExitCode::invalid);
  {
    InProcessServer server(database_, clock_);
    EXPECT_EQ(run(command).code, ExitCode::invalid);
  }
  EXPECT_EQ(run_json({"clients"}).at(0).at("name"), "Smith & Sons");
}

// Goal: a service that cannot start says why as every command does: by exit code, in JSON when asked.
// Method: a start that fails because the address is taken.
TEST_F(CommandLineTest, AServiceThatCannotStartSaysWhy) {
  variables_["JOBRUN_PUBLIC_URL"] = "https://calls.example.com";
  variables_["JOBRUN_TWILIO_ACCOUNT_SID"] = "AC0";
  variables_["JOBRUN_TWILIO_AUTH_TOKEN"] = "token";
  serve_result_ = failure(ErrorKind::conflict, "cannot listen on 127.0.0.1:8080");
  const Ran plain = run({"serve"});
  EXPECT_EQ(plain.code, ExitCode::conflict);
  EXPECT_EQ(plain.err, "jobrun: cannot listen on 127.0.0.1:8080\n");
  const Ran ran = run({"serve", "--json"});
  EXPECT_EQ(ran.code, ExitCode::conflict);
  EXPECT_EQ(json::parse(ran.err).at("error").at("code"), "conflict");
}

// Goal: commands without a server wait for each other instead of failing.
// Method: eight at once on one database.
TEST_F(CommandLineTest, CommandsWithoutAServerTakeTurns) {
  add_client();
  wait_ = std::chrono::seconds(60);
  {
    std::vector<std::jthread> commands;
    for (int each = 0; each < 8; ++each) {
      commands.emplace_back([this, each] {
        run_json({"numbers", "add", "+1415555020" + std::to_string(each), "--role", "system"});
      });
    }
  }
  EXPECT_EQ(run_json({"numbers", "list"}).size(), 8u);
}

// Goal: a database that is held by somebody who does not answer is `unavailable`, and he is named.
// Method: hold the lock without a socket.
TEST_F(CommandLineTest, NamesWhoHoldsTheDatabase) {
  add_client();
  const Result<DatabaseLock> held =
      DatabaseLock::acquire(*place_of_database(database_), "jobrun serve", Duration{0});
  ASSERT_TRUE(held);
  const Ran ran = run({"clients", "list"});
  EXPECT_EQ(ran.code, ExitCode::unavailable);
  EXPECT_SAYS(ran.err, "in use by jobrun serve (process ");
  EXPECT_EQ(run({"migrate"}).code, ExitCode::conflict);
}

// Goal: what a caller sends cannot steer the operator's terminal.
// Method: a call whose number called is an escape sequence, shown and listed.
TEST_F(CommandLineTest, AHostileCallDoesNotSteerTheTerminal) {
  add_client();
  const auto store = *store::SqliteStore::open(database_);
  Commit commit;
  commit.new_call = NewCall{.call_sid = *CallSid::parse("CA1"),
                            .caller = Caller::parse("\x1b[2J"),
                            .number_text = "\x1b]0;owned\a\xC2\x9B",
                            .role = NumberRole::system,
                            .role_source = RoleSource::unknown,
                            .client = std::nullopt};
  commit.event_key = "status:completed";
  const auto batch = store->begin({});
  batch->write(commit, clock_.now());
  ASSERT_TRUE(batch->commit());
  for (const Ran& ran : {run({"calls", "list"}), run({"calls", "show", "CA1"})}) {
    EXPECT_EQ(ran.code, ExitCode::ok);
    EXPECT_EQ(ran.out.find('\x1b'), std::string::npos);
    EXPECT_EQ(ran.out.find('\a'), std::string::npos);
    EXPECT_EQ(ran.out.find("\xC2\x9B"), std::string::npos);
    EXPECT_SAYS(ran.out, "pending");
  }
  EXPECT_EQ(run_json({"calls", "show", "CA1"}).at("outcome"), nullptr);
}

// Goal: every command has help with an example and the exit codes, and takes --json and --config.
// Method: walk the tree by the help's own lists.
TEST_F(CommandLineTest, EveryCommandHasHelp) {
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{{"serve"},
                                                                                       {"simulate"},
                                                                                       {"migrate"},
                                                                                       {"settings"},
                                                                                       {"completion"},
                                                                                       {"clients"},
                                                                                       {"clients", "add"},
                                                                                       {"clients", "list"},
                                                                                       {"clients", "set"},
                                                                                       {"clients", "pause"},
                                                                                       {"clients", "resume"},
                                                                                       {"clients", "remove"},
                                                                                       {"clients", "block"},
                                                                                       {"clients", "unblock"},
                                                                                       {"numbers"},
                                                                                       {"numbers", "add"},
                                                                                       {"numbers", "list"},
                                                                                       {"numbers", "assign"},
                                                                                       {"numbers", "remove"},
                                                                                       {"numbers", "import"},
                                                                                       {"calls"},
                                                                                       {"calls", "list"},
                                                                                       {"calls", "show"},
                                                                                       {"incidents"},
                                                                                       {"incidents", "list"},
                                                                                       {"incidents", "close"}}) {
    std::vector<std::string> arguments = command;
    arguments.emplace_back("--help");
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, ExitCode::ok);
    EXPECT_SAYS(ran.out, "Example: ");
    EXPECT_SAYS(ran.out, "Exit codes: ");
    EXPECT_SAYS(ran.out, "--json");
    EXPECT_SAYS(ran.out, "--config");
  }
  EXPECT_TRUE(run({"--version"}).out.starts_with("jobrun "));
  EXPECT_SAYS(run({"--help"}).out, "Exit codes: ");
}

// Goal: settings reach the commands from the file, before or after the command's name.
// Method: the database in a TOML file only.
TEST_F(CommandLineTest, ReadsTheSettingsFile) {
  variables_.clear();
  const std::string config = write("jobrun.toml", "database_url = \"sqlite://" + database_ +
                                                      "\"\npublic_url = \"https://calls.example.com\"\n"
                                                      "[twilio]\naccount_sid = \"AC0\"\nauth_token = \"token\"\n");
  EXPECT_EQ(run({"migrate", "--config", config}).code, ExitCode::ok);
  EXPECT_EQ(run({"--config", config, "clients", "list"}).code, ExitCode::ok);
  EXPECT_EQ(run({"serve", "--config", config}).code, ExitCode::ok);
  EXPECT_EQ(served_, "https://calls.example.com");
  const json settings = json::parse(run({"settings", "--config", config, "--json"}).out);
  EXPECT_EQ(settings.dump().find("\"token\""), std::string::npos);
  EXPECT_SAYS(settings.dump(), "{\"from\":\"file\",\"name\":\"twilio_auth_token\",\"value\":\"(set)\"}");
}

// Goal: the practice carrier is started with what was asked for.
// Method: every flag once.
TEST_F(CommandLineTest, StartsThePracticeCarrier) {
  EXPECT_EQ(run({"simulate", "--listen", "127.0.0.1:0", "--webhook-url", "http://127.0.0.1:9/", "--account-sid",
                 "AC00000000000000000000000000000001", "--auth-token", "t", "--number", "+14155550100", "--number",
                 "+14155550101", "--seed", "7", "--fast"})
                .code,
            ExitCode::ok);
  ASSERT_TRUE(simulated_);
  EXPECT_EQ(simulated_->port, 0);
  EXPECT_EQ(simulated_->service_url, "http://127.0.0.1:9");
  EXPECT_EQ(simulated_->numbers.size(), 2u);
  EXPECT_EQ(simulated_->seed, 7u);
  EXPECT_TRUE(simulated_->fast);
}

/// What bash offers for the words typed, the last one being completed.
std::string bash_offers(const std::string& script, const std::string& words, int at) {
  const std::string command = "bash --norc -c 'source \"" + script + "\"; COMP_WORDS=(" + words +
                              "); COMP_CWORD=" + std::to_string(at) + "; _jobrun; echo \"${COMPREPLY[@]}\"' 2>&1";
  std::string heard;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> chunk{};
  while (fgets(chunk.data(), chunk.size(), pipe) != nullptr) heard += chunk.data();
  pclose(pipe);
  return heard;
}

// Goal: the manual page has each command with its own options, and its text can never become a request to roff.
// Method: what bash is offered by the completion script is found in the page; lines that begin with a dot are only
// the requests that the page is made of.
TEST_F(CommandLineTest, TheManualPageHasEveryCommand) {
  const std::string page = run({"man"}).out;
  std::istringstream script(run({"completion", "bash"}).out);
  int commands = 0;
  for (std::string line; std::getline(script, line);) {
    const std::string mark = ") at=\"jobrun ";
    const std::size_t at = line.find(mark);
    if (at == std::string::npos) continue;
    std::string path = line.substr(at + mark.size());
    path = path.substr(0, path.find('"'));
    for (std::size_t hyphen = path.find('-'); hyphen != std::string::npos; hyphen = path.find('-', hyphen + 2)) {
      path.insert(hyphen, "\\");
    }
    EXPECT_SAYS(page, "\n.SS " + path);
    ++commands;
  }
  EXPECT_GT(commands, 40);
  EXPECT_SAYS(page, "\\fB\\-\\-role\\fR \\fI");
  EXPECT_SAYS(page, "jobrun clients add \\-\\-name \"Smith & Sons\"");
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_FALSE(line.starts_with("'")) << line;
    if (!line.starts_with(".")) continue;
    const std::string request = line.substr(0, line.find(' '));
    const std::set<std::string> known = {".\\\"", ".TH", ".SH", ".SS", ".TP", ".PP", ".RS", ".RE", ".nf", ".fi"};
    EXPECT_TRUE(known.contains(request)) << line;
  }
}

// Goal: who starts the service can ask before whether it would start.
// Method: without what is required, with it, and with something wrong; nothing is served.
TEST_F(CommandLineTest, TellsWhetherServeWouldTakeTheSettings) {
  const Ran missing = run({"settings", "--check"});
  EXPECT_EQ(missing.code, ExitCode::invalid);
  EXPECT_SAYS(missing.err, "twilio_account_sid is missing");
  variables_["JOBRUN_PUBLIC_URL"] = "https://calls.example.com";
  variables_["JOBRUN_TWILIO_ACCOUNT_SID"] = "AC0123456789abcdef0123456789abcdef";
  variables_["JOBRUN_TWILIO_AUTH_TOKEN"] = "secret-one";
  const Ran enough = run({"settings", "--check"});
  EXPECT_EQ(enough.code, ExitCode::ok) << enough.err;
  EXPECT_SAYS(enough.err, "no alert channel");
  variables_["JOBRUN_COOL_DOWN"] = "soon";
  EXPECT_EQ(run({"settings", "--check"}).code, ExitCode::invalid);
  EXPECT_EQ(run({"settings", "--check", "--toml"}).code, ExitCode::invalid);
  EXPECT_EQ(served_, "");
}

// Goal: where a file is asked for, files are offered, options only once one is begun.
// Method: bash runs the generated script; offering nothing of its own makes it offer files.
TEST_F(CommandLineTest, CompletesFilesWhereAFileIsAskedFor) {
  const std::string script = write("completion", run({"completion", "bash"}).out);
  EXPECT_EQ(bash_offers(script, "jobrun numbers import \"\"", 3), "\n");
  EXPECT_EQ(bash_offers(script, "jobrun numbers import num", 3), "\n");
  EXPECT_SAYS(bash_offers(script, "jobrun numbers import --c", 3), "--config");
  EXPECT_SAYS(bash_offers(script, "jobrun numbers add \"\"", 3), "--role");
  EXPECT_SAYS(run({"completion", "zsh"}).out,
              "\"jobrun numbers import\") [[ $PREFIX == -* ]] || { _files; return; }");
}

// Goal: the shell completes commands, options and choices of the real tree.
// Method: bash runs the generated script; the other shells' scripts name the same commands.
TEST_F(CommandLineTest, CompletesWhatTheTreeHas) {
  const std::string script = write("completion", run({"completion", "bash"}).out);
  EXPECT_SAYS(bash_offers(script, "jobrun cl", 1), "clients");
  EXPECT_EQ(bash_offers(script, "jobrun clients a", 2), "add\n");
  EXPECT_SAYS(bash_offers(script, "jobrun clients add --na", 3), "--name");
  EXPECT_EQ(bash_offers(script, "jobrun numbers add +14155550100 --role o", 5), "operational onboarding\n");
  EXPECT_EQ(bash_offers(script, "jobrun completion z", 2), "zsh\n");
  EXPECT_EQ(bash_offers(script, "jobrun clients add --config x", 4), "\n");
  for (const char* shell : {"zsh", "fish"}) {
    const std::string text = run({"completion", shell}).out;
    for (const char* part :
         {"numbers import", "incidents close", "operational onboarding system", "do-not-text"}) {
      EXPECT_SAYS(text, part) << shell;
    }
  }
}

}  // namespace
}  // namespace jobrun::app
