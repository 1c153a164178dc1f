using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Agent.Diagnosis;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Agent.CommandLine;

/// <summary>`agent status`: what the agent in a running process says of itself, as a page.</summary>
static class StatusCommand
{
    /// <summary>Between two looks; from the first two come the spans per second.</summary>
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Make()
    {
        var process = new Argument<int>("PID") { Description = "The process's id; agent check lists them." };
        process.CompletionSources.Add(static _ => DotnetProcess.All().Where(static process => process.HasAgent).Select(static process => process.Id.ToString(CultureInfo.InvariantCulture)));
        var follow = new Option<bool>("--follow") { Description = "Look again every second, until the process ends or Ctrl+C." };
        var all = new Option<bool>("--all") { Description = "Show every setting and every patch, not only what is set and how many there are." };
        var json = new Option<bool>("--json") { Description = "Print the status document as JSON instead; with --follow one line each second." };
        var command = new Command("status", "Show what the agent in a running process does: settings, patches, spans, errors.") { process, follow, all, json };
        command.SetAction(parsed => Run(parsed.GetValue(process), parsed.GetValue(follow), parsed.GetValue(all), parsed.GetValue(json)));
        return command;
    }

    static int Run(int id, bool follow, bool all, bool asJson)
    {
        if (DotnetProcess.Find(id) is not { } process)
            return Say.Wrong($"There is no process {id}.");
        if (process.Problem is { } problem)
            return Say.Wrong(problem);
        if (!process.HasAgent)
            return Say.Wrong($"{process.Name} (process {id}) is not traced; agent check {id} says why.");
        try
        {
            var last = new Look(process);
            if (asJson)
                last = Print(last, follow);
            else if (follow && !Console.IsOutputRedirected)
                Page.Output.Live(new Text("")).Start(live => last = Follow(last, all, page =>
                {
                    live.UpdateTarget(page);
                    live.Refresh();
                }));
            else if (follow)
                last = Follow(last, all, Page.Output.Write);
            else
                Page.Output.Write(MakePage(last = last.Next() ?? last, all)); // two looks, a second between them
            return IsTraced(last.Status) ? ExitCode.Fine : ExitCode.SomethingIsWrong;
        }
        catch (DiagnosticsException e)
        {
            return Say.Wrong($"{process.Name} (process {id}) does not say what its agent does: {e.Message}.");
        }
    }

    /// <summary>Whether an agent that has said its status traces: false once it is detached.</summary>
    public static bool IsTraced(JsonElement status) => !status.TryGetProperty(StatusDocument.Traced, out var traced) || traced.GetBoolean();

    /// <returns>The last look.</returns>
    static Look Print(Look look, bool follow)
    {
        for (Look? next = look; next is not null; next = follow ? look.Next() : null)
        {
            look = next;
            Console.Out.WriteLine(look.Status.GetRawText());
            Console.Out.Flush();
        }
        return look;
    }

    /// <returns>The last look.</returns>
    static Look Follow(Look look, bool all, Action<IRenderable> show)
    {
        for (Look? next = look; next is not null; next = look.Next())
            show(MakePage(look = next, all));
        return look;
    }

    /// <summary>A status, and the one before it.</summary>
    sealed class Look
    {
        readonly DotnetProcess _process;
        readonly Look? _before;
        readonly long _at = Stopwatch.GetTimestamp();

        /// <exception cref="DiagnosticsException">There is no answer.</exception>
        public Look(DotnetProcess process, Look? before = null)
        {
            (_process, Status) = (process, process.AskStatus().RootElement);
            _before = before is null ? null : new(before);
        }

        Look(Look other) => (_process, _at, Status) = (other._process, other._at, other.Status);

        public JsonElement Status { get; }

        /// <summary>The process's id, as this program sees it.</summary>
        public int Id => _process.Id;

        /// <summary>A second later; null if the process has ended.</summary>
        public Look? Next()
        {
            Thread.Sleep(Interval);
            try
            {
                return new(_process, this);
            }
            catch (DiagnosticsException) when (DotnetProcess.Find(_process.Id) is null)
            {
                return null;
            }
        }

        /// <summary>Spans by source, and how many there were per second since the look before; null if there was none.</summary>
        public IEnumerable<(string Source, long Spans, double? PerSecond)> Sources => Heard(Status).Select(source =>
            (source.Key, source.Value, _before is null ? (double?)null : (source.Value - Heard(_before.Status).GetValueOrDefault(source.Key)) / Stopwatch.GetElapsedTime(_before._at, _at).TotalSeconds));

        static Dictionary<string, long> Heard(JsonElement status) =>
            status.GetProperty("sources").GetProperty("heard").EnumerateObject().ToDictionary(static source => source.Name, static source => source.Value.GetInt64());
    }

    static Rows MakePage(Look look, bool all)
    {
        var status = look.Status;
        var process = status.GetProperty("process");
        List<IRenderable> parts =
        [
            new Markup($"{Page.Styled(Text(process, "name"), "bold")} (process {Text(process, "id")}), .NET {Text(process, "runtime")}, {Markup.Escape(Text(process, "environment"))}, agent {Text(status, "agent")}"),
            .. IsTraced(status) ? (IRenderable[])[] : [new Markup(Page.Styled($"The agent was detached: this process is not traced any more. agent attach {look.Id} begins again.", "yellow"))],
            .. Section("Said", Lines(status.GetProperty("said").EnumerateArray().Select(static line => line.GetString()!).TakeLast(10))),
            .. Section("Spans by exporter", Exporters(status)),
        ];
        var errors = status.GetProperty("exporters").EnumerateArray().Where(static exporter => exporter.TryGetProperty("lastError", out _)).Select(static exporter => exporter.GetProperty("lastError"))
            .Select(static error => $"{error.GetProperty("at").GetDateTimeOffset().ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}  {Text(error, "message")}").ToArray();
        if (errors.Length > 0)
            parts.AddRange(Section("Last error", Lines(errors, "red")));
        parts.AddRange(Section("Spans by source, since somebody asked", Sources(look)));
        parts.AddRange(Section("Patches", Patches(status.GetProperty("patches"), all)));
        parts.AddRange(Section(all ? "Settings" : "Settings that are set (--all shows the others)", Settings(status, all)));
        return new(parts);
    }

    static string Text(JsonElement of, string name) => of.GetProperty(name).ToString();

    static IRenderable[] Section(string headline, IRenderable content) => [new Text(""), new Markup(Page.Styled(headline, "bold")), new Padder(content, new Padding(2, 0, 0, 0))];

    static Rows Lines(IEnumerable<string> lines, string style = "default") => new(lines.DefaultIfEmpty("nothing").Select(line => new Markup(Page.Styled(line, style))));

    static Table MakeTable(params string[] columns)
    {
        var table = new Table { Border = TableBorder.None, UseSafeBorder = false };
        foreach (var column in columns)
            table.AddColumn(new TableColumn(Page.Styled(column.TrimStart('>'), "dim")) { Alignment = column.StartsWith('>') ? Justify.Right : Justify.Left, NoWrap = columns[^1] != column, Padding = new Padding(0, 0, 2, 0) });
        return table;
    }

    static IRenderable Exporters(JsonElement status)
    {
        var table = MakeTable("exporter", ">produced", ">exported", ">dropped", ">waiting", "dropped because");
        foreach (var exporter in status.GetProperty("exporters").EnumerateArray())
        {
            var because = exporter.GetProperty("droppedBecause");
            (string What, long Spans)[] causes = [("an export failed", because.GetProperty("exportFailed").GetInt64()), ("the queue was full", because.GetProperty("queueWasFull").GetInt64()), ("the time was up", because.GetProperty("timeWasUp").GetInt64())];
            var dropped = exporter.GetProperty("dropped").GetInt64();
            table.AddRow(Markup.Escape(Text(exporter, "name")), Text(exporter, "produced"), Text(exporter, "exported"), Page.Styled($"{dropped}", dropped > 0 ? "red" : "default"), Text(exporter, "waiting"),
                string.Join(", ", causes.Where(static cause => cause.Spans > 0).Select(static cause => $"{cause.What}: {cause.Spans}")));
        }
        return table.Rows.Count > 0 ? table : Lines(["spans go nowhere (OTEL_TRACES_EXPORTER=none)"]);
    }

    static IRenderable Sources(Look look)
    {
        var table = MakeTable(">spans", ">per second", "source");
        foreach (var (source, spans, perSecond) in look.Sources.OrderByDescending(static source => source.PerSecond ?? source.Spans).ThenBy(static source => source.Source, StringComparer.Ordinal))
            table.AddRow($"{spans}", perSecond is { } rate ? rate.ToString("0.0", CultureInfo.InvariantCulture) : "", Markup.Escape(source));
        return table.Rows.Count > 0 ? table : Lines(["none yet"]);
    }

    static Rows Patches(JsonElement patches, bool all)
    {
        var engine = Text(patches, "engine");
        var problems = patches.GetProperty("problems").EnumerateArray().Select(static problem => problem.GetString()!).ToArray();
        var installed = patches.GetProperty("installed").EnumerateArray().SelectMany(static method => method.GetProperty("by").EnumerateArray().Select(by => (Family: FamilyOf(by.GetString()!), Patch: by.GetString()!, Method: Text(method, "method")))).ToArray();
        var table = MakeTable("family", ">methods", all ? "method, by" : "patches");
        foreach (var family in installed.GroupBy(static patch => patch.Family).OrderBy(static family => family.Key, StringComparer.Ordinal))
        {
            if (all)
            {
                foreach (var (_, patch, method) in family)
                    table.AddRow(Markup.Escape(family.Key), "", Markup.Escape($"{method}, {NameOf(patch)}"));
            }
            else
            {
                table.AddRow(Markup.Escape(family.Key), $"{family.Select(static patch => patch.Method).Distinct().Count()}", Markup.Escape(string.Join(", ", family.Select(static patch => NameOf(patch.Patch)).Distinct().Order(StringComparer.Ordinal))));
            }
        }
        List<IRenderable> parts = [new Markup(engine == "attached" ? $"{installed.Select(static patch => patch.Method).Distinct().Count()} methods patched" : Page.Styled(engine, "yellow"))];
        if (table.Rows.Count > 0)
            parts.Add(table);
        if (problems.Length > 0)
            parts.Add(Lines(problems.Select(static problem => $"refused: {problem}"), "yellow"));
        return new Rows(parts);
    }

    /// <summary>The family's switch, as in agent/docs/settings.md: the folder of the patch class.</summary>
    static string FamilyOf(string patch) => patch.Split('.') is [.., var family, _] ? family.ToUpperInvariant() : patch;

    /// <summary>Without the namespace and the word that every one ends with.</summary>
    static string NameOf(string patch)
    {
        var name = patch[(patch.LastIndexOf('.') + 1)..].Split('+')[0];
        return name.EndsWith("Patch", StringComparison.Ordinal) ? name[..^"Patch".Length] : name;
    }

    static IRenderable Settings(JsonElement status, bool all)
    {
        var table = MakeTable("origin", "name", "value");
        foreach (var setting in status.GetProperty("settings").EnumerateArray().Where(setting => all || Text(setting, "origin") != "default"))
            table.AddRow(Text(setting, "origin"), Text(setting, "name"), Markup.Escape(Text(setting, "value")));
        return table.Rows.Count > 0 ? table : Lines(["none; all are at their defaults"]);
    }
}
