using System.Diagnostics;
using Agent.Viewer;
using Trace = Agent.Viewer.Trace;

namespace Agent.IntegrationTests.CommandLine;

/// <summary>`agent run`: the program is as it would be by itself, and traced.</summary>
[TestClass]
public sealed class RunTests
{
    /// <summary>What a program sees of how it was started: words, streams, signals, open files, limits, files with its own id and start time.</summary>
    const string Look =
        """
        echo "$# $0 $*"
        cat
        echo oops >&2
        ls /proc/self/fd | wc -l
        grep -E '^Sig(Ign|Blk)' /proc/self/status
        ulimit -S -n
        ls "${TMPDIR:-/tmp}" | grep -c -- "-$$-$(cut -d' ' -f22 /proc/$$/stat)-"
        exit 7
        """;

    [TestMethod]
    public async Task A_program_is_as_it_would_be_by_itself()
    {
        string[] words = ["sh", "-c", Look, "name", "a b", "--", "@file", "*", "ü", ""];
        var without = await Shell("printf 'in\\377put\\n' | \"$@\"", words);
        var with = await Shell("printf 'in\\377put\\n' | \"$@\"", [Tool.Path, "run", "--otlp", "http://127.0.0.1:9", "--", .. words]);
        Assert.AreEqual((7, "oops\n"), (without.ExitCode, without.Error));
        Assert.AreEqual(without, with);
        StringAssert.Contains(without.Output, "in\uFFFDput");
    }

    /// <summary>A soft limit for open files that the runtime of `agent` would raise, and signals that a shell ignores for what it starts in the background.</summary>
    [TestMethod]
    public async Task Limits_and_ignored_signals_are_handed_on()
    {
        const string strange = "ulimit -S -n 99; trap '' INT QUIT HUP; \"$@\"; exit $?";
        Assert.AreEqual(await Shell(strange, "sh", "-c", Look), await Shell(strange, Tool.Path, "run", "--", "sh", "-c", Look));
    }

    [TestMethod]
    public async Task Words_need_not_be_texts() =>
        Assert.AreEqual(await Shell("\"$@\" \"$(printf '\\377')\" | od -c", "printf", "%s"), await Shell("\"$@\" \"$(printf '\\377')\" | od -c", Tool.Path, "run", "--", "printf", "%s"));

    [TestMethod]
    public async Task A_terminal_is_handed_on()
    {
        var ended = await Shell("script -q -e -c \"$1 run -- sh -c 'test -t 0 && test -t 1 && test -t 2 && stty size && exit 5'\" /dev/null", Tool.Path);
        Assert.AreEqual((5, "0 0"), (ended.ExitCode, ended.Output.Trim()), ended.Error);
    }

    [TestMethod]
    public async Task No_process_of_ours_remains()
    {
        await using var program = TestApp.Start(new ProcessStartInfo(Tool.Path, ["run", "--", "sh", "-c", "echo $$; exec sleep 60"]));
        await program.FirstLine;
        Assert.AreEqual($"{program.Id}", program.Output);
        await program.Signal("TERM");
        Assert.AreEqual(143, (await program.End()).ExitCode);
    }

    [TestMethod]
    public async Task Variables()
    {
        (string, string?)[] before = [("DOTNET_STARTUP_HOOKS", "/first.dll:/old/Agent.StartupHook.dll:Last"), ("KEPT", "as it is"), ("OTEL_TRACES_EXPORTER", "console")];
        var ended = await Tool.Run(before, "run", "--env", "Preview", "--otlp", "http://collector:4318", "--set", "AGENT_MIDDLEWARE=none", "--set", "KEY=a=b", "--", "env");
        var variables = ended.Output.Split('\n');
        foreach (var expected in (string[])
        [
            $"DOTNET_STARTUP_HOOKS={Places.Hook}:/first.dll:Last", "KEPT=as it is", "ASPNETCORE_ENVIRONMENT=Preview", "DOTNET_ENVIRONMENT=Preview", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://collector:4318/v1/traces",
            "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf", "OTEL_TRACES_EXPORTER=otlp", "AGENT_MIDDLEWARE=none", "KEY=a=b",
        ])
        {
            CollectionAssert.Contains(variables, expected);
        }
        var printed = await Tool.Run([], "run", "--otlp=http://collector:4317", "--set", "A=it's", "--print");
        Assert.AreEqual((0, $"export DOTNET_STARTUP_HOOKS='{Places.Hook}'\nexport OTEL_EXPORTER_OTLP_TRACES_PROTOCOL='grpc'\nexport OTEL_EXPORTER_OTLP_TRACES_ENDPOINT='http://collector:4317'\nexport A='it'\\''s'"),
            (printed.ExitCode, printed.Output));
    }

    [TestMethod]
    public async Task An_app_is_traced_and_ends_as_it_would()
    {
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var app = TestApp.Start(new ProcessStartInfo(Tool.Path,
            ["run", "--env", "Preview", "--otlp", collector.HttpEndpoint.ToString(), "--", "dotnet", Places.TestApp("Kiosk"), "--urls", "http://127.0.0.1:0"]));
        using (var client = new HttpClient { BaseAddress = await app.Listening })
            await client.GetStringAsync(new Uri("/papers/Echo", UriKind.Relative));
        var ended = await app.Stop();
        Assert.AreEqual((3, $"Agent 0.1.0: tracing Kiosk (Preview), traces go to {collector.HttpEndpoint}v1/traces (http/protobuf).\n"), (ended.ExitCode, ended.Error));
        CollectionAssert.Contains(Trace.Group(collector.Spans).Select(trace => trace.Roots[0].Span.Name).ToList(), "GET /papers/{name}");
    }

    /// <summary>Ctrl+C in a terminal is for everything in its foreground; a script sends it to one process.</summary>
    [TestMethod]
    [DataRow("INT")]
    [DataRow("TERM")]
    public async Task Traces_are_printed_beside_the_app(string signal)
    {
        var start = new ProcessStartInfo(Tool.Path, ["run", "--view", "--", "dotnet", Places.TestApp("Kiosk"), "--urls", "http://127.0.0.1:0"]);
        await using var app = TestApp.Start(start);
        using (var client = new HttpClient { BaseAddress = await app.Listening })
            await client.GetStringAsync(new Uri("/papers/Echo", UriKind.Relative));
        await app.Signal(signal);
        var ended = await app.End();
        Assert.AreEqual(3, ended.ExitCode, ended.Error);
        StringAssert.Contains(ended.Error, "\n  GET /papers/{name} ");
        StringAssert.Contains(ended.Error, "\n  └╴");
        Assert.DoesNotContain("└╴", ended.Output);
        Assert.DoesNotContain("\u001b[", ended.Error);
    }

    [TestMethod]
    public async Task The_exit_code_is_the_programs_also_beside_the_viewer() => Assert.AreEqual(9, (await Tool.Run("run", "--view", "--", "sh", "-c", "exit 9")).ExitCode);

    [TestMethod]
    [DataRow(2, "What is to be started comes after --, for example: agent run -- dotnet MyApp.dll", "run")]
    [DataRow(2, "What is to be started comes after --, for example: agent run -- dotnet MyApp.dll", "run", "--env", "Preview", "--")]
    [DataRow(2, "Unrecognized command or argument 'dotnet'.", "run", "dotnet", "MyApp.dll")]
    [DataRow(2, "--otlp takes an http or https address, such as http://localhost:4318, not localhost.", "run", "--otlp", "localhost", "--", "true")]
    [DataRow(2, "--set takes NAME=VALUE, such as --set AGENT_MIDDLEWARE=none, not NAME.", "run", "--set", "NAME", "--", "true")]
    [DataRow(2, "--view prints the traces instead of sending them, so there is nothing for --otlp to say.", "run", "--view", "--otlp", "http://localhost:4318", "--", "true")]
    [DataRow(2, "Unrecognized command or argument 'frobnicate'.", "frobnicate")]
    [DataRow(127, "There is no program no-such-program in the folders of PATH.", "run", "--", "no-such-program")]
    [DataRow(127, "There is no program ./no-such-program.", "run", "--", "./no-such-program")]
    [DataRow(126, "/ is not a program that can be started (it may not be executed).", "run", "--", "/")]
    public async Task What_is_wrong_is_said(int code, string sentence, params string[] words)
    {
        var ended = await Tool.Run(words);
        Assert.AreEqual((code, ""), (ended.ExitCode, ended.Output));
        StringAssert.Contains(ended.Error, $"agent: {sentence}\n");
    }

    [TestMethod]
    public async Task An_assembly_is_no_program()
    {
        var ended = await Tool.Run("run", "--", Places.TestApp("Kiosk"));
        Assert.AreEqual((126, $"agent: {Places.TestApp("Kiosk")} is not a program that can be started; meant was perhaps: agent run -- dotnet {Places.TestApp("Kiosk")}\n"), (ended.ExitCode, ended.Error));
    }

    /// <summary>A wrong hook in the shell ends every .NET program, but not the one that is to find it out.</summary>
    [TestMethod]
    public async Task A_hook_that_is_not_there_is_replaced() =>
        Assert.AreEqual(new EndedApp(0, "fine", ""), await Tool.Run([("DOTNET_STARTUP_HOOKS", "/nowhere/Agent.StartupHook.dll")], "run", "--", "echo", "fine"));

    [TestMethod]
    public async Task Without_an_executable_for_the_system()
    {
        await using var tool = TestApp.Start(new ProcessStartInfo("dotnet", [Path.Combine(Places.Agent, "cli", "Agent.CommandLine.dll"), "run", "--", "sh", "-c", "exit 3"]));
        Assert.AreEqual(3, (await tool.End()).ExitCode);
    }

    [TestMethod]
    [DataRow]
    [DataRow("run")]
    [DataRow("check")]
    [DataRow("status")]
    [DataRow("completions")]
    public async Task Help_has_examples_and_exit_codes(params string[] command)
    {
        var ended = await Tool.Run([.. command, "--help"]);
        Assert.AreEqual((0, ""), (ended.ExitCode, ended.Error));
        StringAssert.Matches(ended.Output, new("Examples:\n  .*agent .*\nExit code: .*2 wrong usage", System.Text.RegularExpressions.RegexOptions.Singleline));
    }

    [TestMethod]
    [DataRow("agent st", "status")]
    [DataRow("agent run --o", "--otlp")]
    [DataRow("agent completions z", "zsh")]
    public async Task Bash_completes(string line, string expected)
    {
        var ended = await Shell($"""
            PATH="$(dirname "$1"):$PATH"
            eval "$(agent completions bash)"
            COMP_LINE='{line}' COMP_POINT={line.Length}; read -ra COMP_WORDS <<< "$COMP_LINE"; COMP_CWORD=$(({line.Split(' ').Length} - 1))
            _agent_complete; echo "$COMPREPLY"
            """, Tool.Path);
        Assert.AreEqual(expected, ended.Output, ended.Error);
    }

    [TestMethod]
    [DataRow("bash", "complete -F _agent_complete agent")]
    [DataRow("zsh", "compdef _agent agent")]
    [DataRow("fish", "complete -c agent ")]
    [DataRow("powershell", "Register-ArgumentCompleter -Native -CommandName agent ")]
    public async Task Every_shell_has_its_completions(string shell, string line)
    {
        var ended = await Tool.Run("completions", shell);
        Assert.AreEqual((0, ""), (ended.ExitCode, ended.Error));
        StringAssert.Contains(ended.Output, line);
    }

    /// <summary>A shell's script with words.</summary>
    static async Task<EndedApp> Shell(string script, params string[] words)
    {
        await using var shell = TestApp.Start(new ProcessStartInfo("bash", ["-c", script, "bash", .. words]));
        return await shell.End();
    }
}
