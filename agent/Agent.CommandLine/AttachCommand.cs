using System.CommandLine;
using System.Globalization;
using Agent.Entry;
using HarmonyLib.Rejit;

namespace Agent.CommandLine;

/// <summary>`agent attach`: tracing on in a process that was started without the agent, or from which it was detached.</summary>
static class AttachCommand
{
    static readonly TimeSpan LongestDuration = TimeSpan.FromDays(40); // what a timer can

    public static Command Make()
    {
        var id = new Argument<int>("PID") { Description = "The process's id; agent check lists them." };
        var otlp = new Option<string>("--otlp") { HelpName = "URL", Description = "Where traces go, for example http://localhost:4318 (OTLP over HTTP) or http://localhost:4317 (gRPC)." };
        var sample = new Option<string>("--sample") { HelpName = "RATIO", Description = "How many of the traces: 0.1 or 10% for every tenth. All by default." };
        var duration = new Option<string>("--for") { HelpName = "TIME", Description = "After this time the agent detaches by itself: 30s, 10m, 2h." };
        otlp.Validators.Add(static result =>
        {
            if (result.Tokens is [var url] && !RunOptions.IsAddress(url.Value))
                result.AddError($"--otlp takes an http or https address, such as http://localhost:4318, not {url.Value}.");
        });
        sample.Validators.Add(static result =>
        {
            if (result.Tokens is [var ratio] && Ratio(ratio.Value) is null)
                result.AddError($"--sample takes a number from 0 to 1, or from 0% to 100%, not {ratio.Value}.");
        });
        duration.Validators.Add(static result =>
        {
            if (result.Tokens is [var time] && Duration(time.Value) is null)
                result.AddError($"--for takes a time such as 30s, 10m or 2h, at most {LongestDuration.TotalDays:0} days, not {time.Value}.");
        });
        var command = new Command("attach", "Start to trace a process that runs, without a restart.") { id, otlp, sample, duration };
        command.SetAction(parsed => Run(parsed.GetValue(id), parsed.GetValue(otlp), parsed.GetValue(sample) is { } ratio ? Ratio(ratio) : null, parsed.GetValue(duration) is { } time ? Duration(time) : null));
        return command;
    }

    static int Run(int id, string? otlp, double? sample, TimeSpan? duration) => LateProcess.With(id, late =>
    {
        if (WhyNot(late) is { } problem)
            return late.Wrong(problem);
        var (_, hook) = late.LoadedHook() ?? (true, AgentFolder.Hook);
        var library = NativePart.PathIn(Path.GetDirectoryName(hook)!, SystemFolder.Name);
        foreach (var file in (string[])[hook, library])
        {
            if (!late.Sees(file))
                return late.Wrong($"there is no {file} in its file system; the agent's folder has to be there, too, in the same place");
        }
        if (late.Damage(hook, library) is { } damage)
            return late.Wrong(damage);
        if (late.Hook.AttachEngine(library) is { } refusal)
            return late.Wrong(refusal);
        return late.Ask(hook, new LateRequest(LateRequest.Attach, Settings(otlp, sample, late.Variable), duration),
            done: place => $"is traced from now on{(duration is { } time ? $", for {Text(time)}" : "")}; {place}", already: "is traced already.");
    });

    /// <summary>What can be seen from outside, before anything is touched.</summary>
    static string? WhyNot(LateProcess late)
    {
        if (DiagnosticsSwitch.Off(late.Variable) is { } off)
            return $"the runtime's diagnostics are switched off there ({off}), so methods cannot be patched";
        var decision = Decision.Make(isFirst: true, late.Runtime, late.App, late.Assemblies, late.Folder, late.Variable);
        return decision.Cause switch
        {
            Cause.None => null,
            Cause.OldRuntime => $"it runs on .NET {late.Runtime}, the agent needs .NET {Decision.OldestRuntime} or later",
            _ when decision.Reason.Length > 0 => decision.Reason.TrimEnd('.'),
            _ => "it is a build tool, a .NET tool, a test project or an AppHost; the agent stays out of these",
        };
    }

    static Dictionary<string, string> Settings(string? otlp, double? sample, Func<string, string?> variable)
    {
        var settings = new Dictionary<string, string>();
        var endpoint = new List<Variable>();
        if (otlp is not null)
            RunCommand.AddEndpoint(endpoint, otlp, variable);
        foreach (var (name, value) in endpoint)
            settings[name] = value;
        if (sample is { } ratio)
        {
            settings["OTEL_TRACES_SAMPLER"] = "parentbased_traceidratio";
            settings["OTEL_TRACES_SAMPLER_ARG"] = ratio.ToString(CultureInfo.InvariantCulture);
        }
        return settings;
    }

    /// <summary>0.1 or 10%; null for what is neither.</summary>
    internal static double? Ratio(string text)
    {
        var percent = text.EndsWith('%');
        if (!double.TryParse(percent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        var ratio = percent ? number / 100 : number;
        return ratio is >= 0 and <= 1 ? ratio : null;
    }

    /// <summary>30s, 10m, 2h; null for what is not.</summary>
    internal static TimeSpan? Duration(string text)
    {
        if (text.Length < 2 || !double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        var seconds = text[^1] switch { 's' => number, 'm' => number * 60, 'h' => number * 3600, _ => 0 };
        return seconds > 0 && seconds <= LongestDuration.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    static string Text(TimeSpan time)
    {
        var (number, unit) = time.TotalHours >= 1 ? (time.TotalHours, "h") : time.TotalMinutes >= 1 ? (time.TotalMinutes, "min") : (time.TotalSeconds, "s");
        return $"{number.ToString("0.##", CultureInfo.InvariantCulture)} {unit}";
    }
}
