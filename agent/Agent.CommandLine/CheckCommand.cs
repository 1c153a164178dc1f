using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Agent.CommandLine.Checking;
using Agent.Diagnosis;
using Spectre.Console;

namespace Agent.CommandLine;

/// <summary>`agent check`: whether an app will be traced, or is, and if not, why and what to do about it. Reads, and changes nothing.</summary>
static class CheckCommand
{
    public static Command Make()
    {
        var what = new Argument<string?>("PATH|PID")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The app (its assembly, executable or folder) as it would run in this environment, or the id of a process; without one, this environment and the .NET processes that run.",
        };
        what.CompletionSources.Add(static _ => DotnetProcess.All().Select(static process => process.Id.ToString(CultureInfo.InvariantCulture)));
        var json = new Option<bool>("--json") { Description = "Print one JSON document instead of sentences." };
        var command = new Command("check", "Say whether an app will be traced, or is; if not, why, and what to do about it.") { what, json };
        command.SetAction(parsed => Run(parsed.GetValue(what), parsed.GetValue(json)));
        return command;
    }

    static int Run(string? what, bool asJson)
    {
        Checked result;
        if (what is null)
        {
            result = new(null, null, new Check(Environment.GetEnvironmentVariable, null, null).Look(), null, [.. DotnetProcess.All()]);
        }
        else if (int.TryParse(what, CultureInfo.InvariantCulture, out var id) && !Path.Exists(what))
        {
            if (DotnetProcess.Find(id) is not { } process)
                return Say.Wrong($"There is no process {id}.");
            if (process.Problem is { } problem)
                return Say.Wrong(problem);
            result = OfProcess(process);
        }
        else
        {
            if (AppFile.Read(what, out var problem) is not { } app)
                return Say.Wrong($"{what} cannot be looked at: {problem}.");
            result = new(app, null, new Check(Environment.GetEnvironmentVariable, app, null).Look(), null, null);
        }
        if (asJson)
            WriteJson(result);
        else
            WritePage(result);
        return result.IsFine ? ExitCode.Fine : ExitCode.SomethingIsWrong;
    }

    static Checked OfProcess(DotnetProcess process)
    {
        var app = process.App is { } path ? AppFile.Read(process.Root + path, out _) : null;
        var (status, problem) = process.HasAgent ? Ask(process) : (null, null);
        bool? isTraced = status is null ? null : StatusCommand.IsTraced(status.RootElement);
        var given = isTraced != true ? null : status!.RootElement.GetProperty("settings").EnumerateArray().Where(static setting => setting.GetProperty("origin").GetString() == StatusDocument.GivenToAttach)
            .ToDictionary(static setting => setting.GetProperty("name").GetString()!, static setting => setting.GetProperty("value").GetString());
        var check = new Check(name => given?.GetValueOrDefault(name) ?? process.Variables?.GetValueOrDefault(name), app, process, isTraced).Look();
        if (problem is not null)
            check.Add(Reason.NoStatus, Gravity.Note, $"The agent is there, and its status cannot be had: {problem}.");
        if (isTraced == false)
            check.Add(Reason.Detached, Gravity.Blocks, "The agent was detached from it (`agent detach`, or the time of `agent attach --for` was up).", $"Trace it again with `agent attach {process.Id}`.");
        if (status is not null)
            LookAtStatus(check, status.RootElement);
        else if (!process.HasAgent && !check.Findings.Any(static finding => finding.Gravity == Gravity.Blocks))
        {
            check.Add(Reason.AgentNotRunning, Gravity.Blocks, process.HasHook ? "The hook has run there, and the agent has not started." : "Everything is as it should be, and yet the hook has not run there.",
                "Look at what the process has said on stderr when it started; a line that begins with Agent says why.");
        }
        return new(app, process, check, status, null);
    }

    /// <returns>The status, or why there is none.</returns>
    static (JsonDocument? Status, string? Problem) Ask(DotnetProcess process)
    {
        try
        {
            return (process.AskStatus(), null);
        }
        catch (DiagnosticsException e)
        {
            return (null, e.Message);
        }
    }

    static void LookAtStatus(Check check, JsonElement status)
    {
        if (status.GetProperty("patches").GetProperty("engine").GetString() is { } engine && engine is not ("attached" or "not known yet")
            && !check.Findings.Any(static finding => finding.Reason is Reason.DiagnosticsOff or Reason.NoSocket or Reason.OtherProfiler or Reason.OtherSystem))
        {
            check.Add(Reason.NotPatched, Gravity.Warning, engine, "Start it again; if that is no better, publish the agent again (./build.sh publish) and copy the whole folder.");
        }
        foreach (var exporter in status.GetProperty("exporters").EnumerateArray())
        {
            if (exporter.GetProperty("dropped").GetInt64() is not (> 0 and var dropped))
                continue;
            var because = exporter.GetProperty("droppedBecause");
            var error = exporter.TryGetProperty("lastError", out var last) ? $" (last: {last.GetProperty("message").GetString()})" : "";
            check.Add(Reason.SpansLost, Gravity.Warning,
                $"{dropped} of {exporter.GetProperty("produced").GetInt64()} spans were dropped: {because.GetProperty("exportFailed").GetInt64()} because an export failed{error}, {because.GetProperty("queueWasFull").GetInt64()} because the queue was full.",
                "Look at the collector; where only the queue was full, set OTEL_BSP_MAX_QUEUE_SIZE higher, or take fewer traces with OTEL_TRACES_SAMPLER.");
        }
    }

    /// <param name="App">The app's files.</param>
    /// <param name="Process">The process.</param>
    /// <param name="Check">What was found.</param>
    /// <param name="Status">What the agent there says of itself.</param>
    /// <param name="Processes">Every process with .NET.</param>
    sealed record Checked(AppFile? App, DotnetProcess? Process, Check Check, JsonDocument? Status, IReadOnlyList<DotnetProcess>? Processes)
    {
        public bool IsBlocked => Check.Findings.Any(static finding => finding.Gravity == Gravity.Blocks);

        public bool IsFine => Check.Findings.All(static finding => finding.Gravity == Gravity.Note);

        public string Name => Process?.Name ?? App?.Name ?? "An app started in this environment";

        public string Verdict => (Process, IsBlocked) switch
        {
            (null, true) => "will not be traced",
            (null, false) => "will be traced",
            (_, true) => "is not traced",
            (_, false) => "is traced",
        } + (IsBlocked || IsFine ? "." : ", but not all is well.");
    }

    static void WritePage(Checked result)
    {
        var page = Page.Output;
        page.MarkupLine($"{Page.Styled(result.Name, "bold")}{(result.Process is { } process ? $" (process {process.Id})" : "")} {Page.Styled(result.Verdict, result.IsBlocked ? "red" : result.IsFine ? "green" : "yellow")}");
        foreach (var finding in result.Check.Findings.OrderByDescending(static finding => finding.Gravity))
        {
            var (mark, style) = finding.Gravity switch { Gravity.Blocks => ("✗", "red"), Gravity.Warning => ("!", "yellow"), _ => ("·", "dim") };
            page.Write(new Padder(new Markup($"{Page.Styled(mark, style)} {Markup.Escape(finding.Sentence)}"), new Padding(2, 0, 0, 0)));
            if (finding.Remedy is { } remedy)
                page.Write(new Padder(new Markup($"{Page.Styled("→", "cyan")} {Markup.Escape(remedy)}"), new Padding(4, 0, 0, 0)));
        }
        if (!result.IsBlocked && result.Check.CollectorTook is { } took)
            page.Write(new Padder(new Markup($"{Page.Styled("✓", "green")} {Markup.Escape($"The collector at {Configuration.SettingReader.WithoutSecrets(result.Check.Settings.Otlp.Endpoint)} takes spans ({result.Check.Settings.Otlp.Protocol}, {took.TotalMilliseconds:0} ms).")}"), new Padding(2, 0, 0, 0)));
        if (result.Status is { } status && StatusCommand.IsTraced(status.RootElement))
            page.Write(new Padder(new Markup($"{Page.Styled("·", "dim")} {Markup.Escape($"agent status {result.Process!.Id} shows what it does: {Spans(status.RootElement)}.")}"), new Padding(2, 0, 0, 0)));
        if (result.Processes is { } processes)
            WriteProcesses(processes);
    }

    static string Spans(JsonElement status) => string.Join(", ", status.GetProperty("exporters").EnumerateArray().Select(static exporter =>
        $"{exporter.GetProperty("produced").GetInt64()} spans for {exporter.GetProperty("name").GetString()}, {exporter.GetProperty("exported").GetInt64()} exported, {exporter.GetProperty("waiting").GetInt64()} waiting")) is { Length: > 0 } spans ? spans : "spans go nowhere";

    static void WriteProcesses(IReadOnlyList<DotnetProcess> processes)
    {
        var page = Page.Output;
        page.WriteLine();
        if (processes is [])
        {
            page.WriteLine("No .NET process runs that this user may see.");
            return;
        }
        var table = new Table { Border = TableBorder.None };
        table.AddColumns("PID", ".NET", "traced", "app");
        foreach (var process in processes)
            table.AddRow($"{process.Id}", process.Runtime?.ToString() ?? "", Traced(process), Markup.Escape(process.Name));
        page.Write(table);
    }

    static string Traced(DotnetProcess process) => process.Files is null ? "?"
        : !process.HasAgent ? "no"
        : Ask(process).Status is { } status && !StatusCommand.IsTraced(status.RootElement) ? "detached" : "yes";

    static void WriteJson(Checked result)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if ((result.Process?.App ?? result.App?.Path) is { } app)
                json.WriteString("app", app);
            if (result.Process is { } process)
                json.WriteNumber("process", process.Id);
            json.WriteBoolean("traced", !result.IsBlocked);
            json.WriteBoolean("fine", result.IsFine);
            json.WriteStartArray("findings");
            foreach (var finding in result.Check.Findings)
            {
                json.WriteStartObject();
                json.WriteString("reason", NameOf(finding.Reason));
                json.WriteString("gravity", finding.Gravity.ToString().ToLowerInvariant());
                json.WriteString("sentence", finding.Sentence);
                if (finding.Remedy is { } remedy)
                    json.WriteString("remedy", remedy);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            if (result.Check.CollectorTook is { } took)
                json.WriteNumber("collectorMilliseconds", (long)took.TotalMilliseconds);
            if (result.Status is { } status)
            {
                json.WritePropertyName("status");
                status.WriteTo(json);
            }
            if (result.Processes is { } processes)
            {
                json.WriteStartArray("processes");
                foreach (var other in processes)
                {
                    json.WriteStartObject();
                    json.WriteNumber("id", other.Id);
                    json.WriteString("name", other.Name);
                    json.WriteString("runtime", other.Runtime?.ToString());
                    var traced = Traced(other);
                    json.WriteString("traced", traced == "?" ? "unknown" : traced);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        Console.Out.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }

    /// <summary>As it is written outside of the program: hook-not-set.</summary>
    internal static string NameOf(Reason reason) => JsonNamingPolicy.KebabCaseLower.ConvertName(reason.ToString());
}
