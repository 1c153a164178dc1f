using Agent.Configuration;

namespace Agent.UnitTests;

[TestClass]
public sealed class ConfigurationFileTests
{
    readonly string _folder = Directory.CreateTempSubdirectory("agent-json").FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    string Path => System.IO.Path.Combine(_folder, "agent.json");

    (Dictionary<string, string>? Values, string Problems) Read(string? json, string? chosen = null)
    {
        if (json is not null)
            File.WriteAllText(Path, json);
        var problems = new List<string>();
        return (ConfigurationFile.Read(_folder, chosen, problems), string.Join('\n', problems));
    }

    [TestMethod]
    public void No_file_is_no_problem() => Assert.AreEqual((null, ""), Read(null));

    [TestMethod]
    public void Texts_numbers_and_switches_with_comments_and_a_last_comma()
    {
        var (values, problems) = Read("""
            {
              // preview only
              "OTEL_SERVICE_NAME": "shop",
              "OTEL_BSP_SCHEDULE_DELAY": 100,
              "OTEL_TRACES_SAMPLER_ARG": 0.5,
              "OTEL_SDK_DISABLED": false,
            }
            """);
        Assert.AreEqual("", problems);
        CollectionAssert.AreEquivalent(
            new Dictionary<string, string> { ["OTEL_SERVICE_NAME"] = "shop", ["OTEL_BSP_SCHEDULE_DELAY"] = "100", ["OTEL_TRACES_SAMPLER_ARG"] = "0.5", ["OTEL_SDK_DISABLED"] = "false" }, values);
    }

    [TestMethod]
    [DataRow("{\n  \"OTEL_SERVICE_NAME\": \"shop\",\n  \"OTEL_LOG_LEVEL\": debug\n}", "line 3, character 21")]
    [DataRow("", "line 1, character 1")]
    [DataRow("{ \"OTEL_LOG_LEVEL\": \"debug\"", "line 1, character 28")]
    [DataRow("{ \"OTEL_LOG_LEVEL\": \"debug\" } }", "line 1, character 31")]
    public void A_broken_file_is_one_sentence_with_the_place(string json, string place)
    {
        var (values, problems) = Read(json);
        Assert.AreEqual($"{Path} cannot be read ({place} is not as in JSON); using the environment alone.", problems);
        Assert.IsEmpty(values!);
    }

    [TestMethod]
    public void Something_else_than_an_object_is_one_sentence() =>
        Assert.AreEqual($"{Path} is not accepted (one object with names and values); using the environment alone.", Read("[]").Problems);

    [TestMethod]
    public void What_is_no_setting_or_no_value_is_left_out()
    {
        var (values, problems) = Read("""{ "Logging": { "OTEL_LOG_LEVEL": "debug" }, "OTEL_PROPAGATORS": ["b3"], "AGENT_MIDDLEWARE": "all", "AGENT_MIDDLEWARE": "none" }""");
        Assert.AreEqual($"""
            {Path}: Logging is not a setting (names begin with OTEL_ or AGENT_); it is left out.
            {Path}: OTEL_PROPAGATORS is not accepted (a text, a number, true or false); it is left out.
            {Path}: AGENT_MIDDLEWARE is there twice; using all.
            """, problems);
        CollectionAssert.AreEquivalent(new Dictionary<string, string> { ["AGENT_MIDDLEWARE"] = "all" }, values);
    }

    [TestMethod]
    public void A_chosen_file_is_found_from_the_apps_folder_on()
    {
        File.WriteAllText(System.IO.Path.Combine(_folder, "other.json"), """{ "OTEL_SERVICE_NAME": "other" }""");
        Assert.AreEqual("other", Read(null, "other.json").Values!["OTEL_SERVICE_NAME"]);
        Assert.AreEqual("AGENT_CONFIG_FILE=missing.json is not accepted (there is no such file); using the environment alone.", Read(null, "missing.json").Problems);
    }
}
