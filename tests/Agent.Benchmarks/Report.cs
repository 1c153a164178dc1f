using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Agent.Benchmarks;

/// <summary>The results as tables, and as files in artifacts/bench.</summary>
sealed class Report(Options options, Cores cores, Machine machine, Results results)
{
    static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes both files and returns their path without the ending.</summary>
    public string Write(string markdown)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Configuration.Artifacts, "bench")).FullName;
        var path = Path.Combine(folder, $"{machine.Date:yyyy-MM-dd'T'HH-mm-ss}");
        File.WriteAllText(path + ".md", markdown);
        File.WriteAllText(path + ".json", JsonSerializer.Serialize(Data(), Json));
        return path;
    }

    public string Markdown()
    {
        var text = new StringBuilder($"# {options.App ?? Configuration.NoAgent.App} with and without the agent\n\n");
        text.Append($"{options.Load.Request}; {options.Startups} starts; {options.Rounds} rounds with, for each, {options.WarmUp} s of warm-up, {options.Duration} s with {options.Connections} connections and {options.Duration} s with one, in turns\n\n");
        text.Append($"{machine}\n\nCores: {cores.Description}\n\n");
        Section(text, "Measured (medians)", Medians());
        Section(text, "Against no agent (median of the rounds, and their quartiles)", Comparisons());
        Section(text, "Budgets", Budgets());
        foreach (var note in Notes())
            text.Append($"- {note}\n");
        return text.ToString();
    }

    static void Section(StringBuilder text, string title, List<string[]> rows)
    {
        if (rows.Count > 1)
            text.Append($"## {title}\n\n{Table(rows)}\n");
    }

    List<string[]> Medians() =>
    [
        ["", .. results.Configurations.Select(configuration => configuration.Name)],
        .. results.Measures.Select(measure => (string[])[measure.Name, .. results.Configurations.Select(configuration =>
            results.Has(configuration, measure) ? results.Spread(configuration, measure).Median.ToString(measure.Format) : "")]),
    ];

    List<string[]> Comparisons()
    {
        var others = results.Configurations.Where(configuration => configuration != Configuration.NoAgent).ToArray();
        var rows = new List<string[]> { (string[])["", .. others.Select(configuration => configuration.Name)] };
        foreach (var measure in others.Length == 0 ? [] : results.Measures.Where(measure => measure.Comparison != Comparison.None))
        {
            if (measure.Comparison == Comparison.Difference)
                rows.Add([$"{measure.Name}, added", .. others.Select(other => results.Difference(other, measure).Format(measure.DifferenceFormat))]);
            rows.Add([$"{measure.Name}, ×", .. others.Select(other => results.Ratio(other, measure).Format(Measure.RatioFormat))]);
        }
        return rows;
    }

    Budget[] MeasuredBudgets() => [.. Budget.All.Where(budget => results.Has(budget.Configuration, budget.Measure))];

    List<string[]> Budgets() =>
    [
        ["", "budget", "measured", ""],
        .. MeasuredBudgets().Select(budget => (string[])[budget.Name, budget.LimitText, budget.MeasuredText(results), budget.Verdict(results)]),
    ];

    /// <summary>What a reader must know to believe the numbers, or not.</summary>
    IEnumerable<string> Notes()
    {
        yield return "CPU is the app's user and system time; memory is resident memory, idle: after the first response, the first export and a second of rest.";
        if (options.Rounds is > 0 and < 5 || options.Startups is > 0 and < 10)
            yield return "**A short look**: fewer rounds than it takes to tell small differences from noise.";
        foreach (var configuration in results.Configurations)
        {
            if (results.Has(configuration, Measure.Delivered) && results.Spread(configuration, Measure.Delivered).Median < 0.99)
                yield return $"**{configuration.Name}: not every trace arrived.** The exporter's queue overflowed under load; dropped spans cost less than sent ones, so its CPU looks better than it is.";
        }
        var taken = results.Configurations.SelectMany(configuration => results.Values(configuration, Measure.CoreTaken)).DefaultIfEmpty(0).Max();
        var own = results.Values(Configuration.NoAgent, Measure.CpuPerRequest).DefaultIfEmpty(1).ToArray();
        if (taken > 0.05 || own.Max() / own.Min() > 1.05)
            yield return $"**The host was not quiet**: no agent's own CPU per request varies by {own.Max() / own.Min() - 1:0 %} between rounds, and others took up to {taken:0 %} of the app's core.";
        var idle = results.Configurations.SelectMany(Idle).DefaultIfEmpty(0).Max();
        if (idle > 0.1)
            yield return $"**The app was not always the bottleneck**: in some round its core was idle for {idle:0 %} of the time.";
        foreach (var (configuration, line) in results.Configurations.SelectMany(configuration => results.Complaints(configuration).Select(line => (configuration, line))))
            yield return $"{configuration.Name} said: `{line}`";
    }

    IEnumerable<double> Idle(Configuration configuration) =>
        results.Values(configuration, Measure.CoreUsed).Zip(results.Values(configuration, Measure.CoreTaken), (used, taken) => 1 - used - taken);

    /// <summary>Markdown that can be read as it is; the first row is the head. Numbers stand right.</summary>
    static string Table(List<string[]> rows)
    {
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        var lines = rows.Select(row => $"| {string.Join(" | ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column])))} |\n").ToList();
        lines.Insert(1, $"|{string.Join('|', widths.Select((width, column) => new string('-', width + 1) + (column == 0 ? '-' : ':')))}|\n");
        return string.Concat(lines);
    }

    object Data() => new
    {
        machine,
        cores = cores.Description,
        options = new { options.App, options.Rounds, options.Startups, options.Duration, options.WarmUp, options.Connections, options.Load.Request },
        values = results.Configurations.ToDictionary(
            configuration => configuration.Key,
            configuration => results.Measures.Where(measure => results.Has(configuration, measure)).ToDictionary(measure => measure.Name, measure => results.Values(configuration, measure))),
        budgets = MeasuredBudgets().Select(budget => new { budget.Name, budget.Limit, Measured = budget.Measured(results), Verdict = budget.Verdict(results) }),
    };
}
