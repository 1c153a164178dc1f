using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Agent.IntegrationTests.CommandLine;

/// <summary>The program `agent`, as published and as a user starts it.</summary>
static class Tool
{
    public static string Path { get; } = System.IO.Path.Combine(Places.Agent, "agent");

    public static Task<EndedApp> Run(params string[] words) => Run([], words);

    /// <param name="environment">Set in addition to a clean environment; null removes a variable.</param>
    /// <param name="words">The command line after the program's name.</param>
    public static async Task<EndedApp> Run((string Name, string? Value)[] environment, params string[] words)
    {
        await using var tool = TestApp.Start(OtherSystem.Tool(words) ?? new ProcessStartInfo(Path, words), environment);
        return await tool.End();
    }

    /// <summary>The number of a process as the program has it. In Wine it is another one than this system's; the app's name tells which it is, so it must be the only one of its name.</summary>
    public static async Task<int> IdOf(TracedApp app, string name)
    {
        if (!OtherSystem.IsWindows)
            return app.Id;
        var processes = (await Check([])).Document["processes"]!.AsArray();
        return (int)processes.Single(process => (string?)process!["name"] == name)!["id"]!;
    }

    /// <summary>Runs it to its end, which must be a good one.</summary>
    /// <returns>What it has printed.</returns>
    public static async Task<string> Do(params string[] words)
    {
        var ended = await Run(words);
        Assert.AreEqual((0, ""), (ended.ExitCode, ended.Error), string.Join(' ', words));
        return ended.Output;
    }

    /// <summary>What `agent check --json` says.</summary>
    public static async Task<Answer> Check((string Name, string? Value)[] environment, params string[] words)
    {
        var ended = await Run(environment, ["check", .. words, "--json"]);
        Assert.AreEqual("", ended.Error);
        var answer = new Answer(ended.ExitCode, JsonNode.Parse(ended.Output)!);
        Assert.AreEqual(answer.IsFine ? 0 : 1, ended.ExitCode, ended.Output);
        return answer;
    }

    /// <summary>A document of `agent check`.</summary>
    public sealed record Answer(int ExitCode, JsonNode Document)
    {
        public bool IsTraced => (bool)Document["traced"]!;

        public bool IsFine => (bool)Document["fine"]!;

        public string[] Reasons => [.. Document["findings"]!.AsArray().Select(finding => (string)finding!["reason"]!)];

        public JsonNode Finding(string reason) => Document["findings"]!.AsArray().Single(finding => (string)finding!["reason"]! == reason)!;

        public string? Remedy(string reason) => (string?)Finding(reason)["remedy"];
    }
}
