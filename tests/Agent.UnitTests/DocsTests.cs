using System.Reflection;
using System.Text.RegularExpressions;
using Agent.Instrumentations;
using Agent.Entry;
using Agent.Tracing;

namespace Agent.UnitTests;

/// <summary>The tables and lists of agent/docs have what the code has, and the README stays the shop window.</summary>
[TestClass]
public sealed partial class DocsTests
{
    [TestMethod]
    public void Settings_have_every_variable_that_is_read_and_no_other()
    {
        var documented = Entries("settings", "## Settings", SettingEntry()).Order(StringComparer.Ordinal).ToList();

        var read = new HashSet<string> { "DOTNET_STARTUP_HOOKS", "AGENT_CONFIG_FILE" }; // the runtime reads the first; the other is read before the settings are
        foreach (var sampler in (string?[])[null, "traceidratio"]) // the argument is read only for a sampler that has one
            _ = new Settings(name => Read(name, name == "OTEL_TRACES_SAMPLER" ? sampler : null));
        _ = Decision.Make(isFirst: true, new Version(10, 0), "App", assemblies: null, folder: null, name => Read(name, null));
        foreach (var protocol in (string?[])[null, "grpc"])
            _ = new Settings(name => Read(name, name == "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL" ? protocol : null));

        CollectionAssert.AreEqual(read.Order(StringComparer.Ordinal).ToList(), documented);

        string? Read(string name, string? value)
        {
            read.Add(name);
            return value;
        }
    }

    [TestMethod]
    public void Table_of_switches_has_every_instrumentation_and_no_other()
    {
        var documented = Row().Matches(Section("settings", "## Switches")).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}").Order(StringComparer.Ordinal).ToList();
        var there = InstrumentationList.Patches.Concat(AspNetCore.AspNetCoreInstrumentations.Patches).SelectMany(entry => entry.Value)
            .Select(patch => $"{Switches.NameOf(patch)} `{Switches.FamilyOf(patch)}`").Distinct()
            .Order(StringComparer.Ordinal).ToList();
        CollectionAssert.AreEqual(there, documented, $"The code has\n{string.Join('\n', there)}");
    }

    [TestMethod]
    public void List_of_libraries_has_every_library_and_no_other()
    {
        var documented = Entries("libraries", "# Libraries", LibraryEntry());
        var there = Libraries.All.Select(library =>
            $"**{library.Name}**: {(library.Patch is null ? "its own source" : "patch")}; tried: {(library.Tried.Length > 0 ? library.Tried : "none")}; `{library.Switch}`{(library.Family is null ? "" : $", `{library.Family}`")}.").ToList();
        CollectionAssert.AreEqual(there, documented, $"The code has\n{string.Join('\n', there)}");
    }

    [TestMethod]
    public void List_of_telemetry_clients_has_each_and_no_other()
    {
        var documented = Entries("libraries", "## Telemetry of the app's own", AnyEntry());
        var there = TelemetryClient.All.Select(client => $"**{client.Name}**: {Code(client.Assemblies)}. Addresses: {Code(client.Addresses)}.").ToList();
        CollectionAssert.AreEqual(there, documented, $"The code has\n{string.Join('\n', there)}");

        static string Code(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));
    }

    [TestMethod]
    public void Table_of_commands_has_every_command_with_its_options()
    {
        var documented = CommandRow().Matches(Section("command-line", "## Commands")).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}".Trim()).Order(StringComparer.Ordinal).ToList();
        var there = CommandLine.Program.Root().Subcommands.SelectMany(command => command.Options.Select(option => option.HelpName is { } value ? $"{option.Name} {value}" : option.Name).Append("").Select(option => $"{command.Name} {option}".Trim()))
            .Order(StringComparer.Ordinal).ToList();
        CollectionAssert.AreEqual(there, documented, $"The code has\n{string.Join('\n', there)}");
    }

    [TestMethod]
    public void List_of_reasons_has_everything_that_check_knows()
    {
        var documented = Entries("command-line", "## What check knows", ReasonEntry());
        CollectionAssert.AreEqual(Enum.GetValues<CommandLine.Checking.Reason>().Select(CommandLine.CheckCommand.NameOf).ToList(), documented);
    }

    [TestMethod]
    public void Pages_are_readable_at_100_columns()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Root, "agent", "docs")).Append(Path.Combine(Root, "README.md")))
        {
            var isOutput = false;
            foreach (var line in File.ReadLines(file))
            {
                if (Path.GetFileName(file) == "README.md") // which shows what programs print, as it is
                    isOutput ^= line.StartsWith("```", StringComparison.Ordinal);
                if (!isOutput)
                    Assert.IsLessThanOrEqualTo(100, line.Length, $"{file}: {line}");
            }
        }
    }

    [TestMethod]
    public void The_readme_is_short_and_what_it_refers_to_is_there()
    {
        var readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        Assert.IsLessThan(200, readme.Split('\n').Length);
        foreach (var file in Directory.GetFiles(Path.Combine(Root, "agent", "docs")).Append(Path.Combine(Root, "README.md")))
        {
            foreach (var link in Link().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
                Assert.IsTrue(Path.Exists(Path.Combine(Path.GetDirectoryName(file)!, link)), $"{file} refers to {link}");
        }
    }

    static string Root => typeof(DocsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;

    static string Page(string name) => File.ReadAllText(Path.Combine(Root, "agent", "docs", name + ".md"));

    /// <summary>From a headline to the next one of its rank.</summary>
    static string Section(string page, string headline)
    {
        var text = Page(page);
        var section = text[text.IndexOf(headline, StringComparison.Ordinal)..];
        return section.IndexOf("\n## ", 5, StringComparison.Ordinal) is var end and >= 0 ? section[..end] : section;
    }

    [GeneratedRegex(@"^\| `(\w+)` \| (?:`([^`]+)`)? *\|", RegexOptions.Multiline)]
    private static partial Regex CommandRow();

    /// <summary>What an expression finds in the entries of a section's lists, each of which may have several lines.</summary>
    static List<string> Entries(string page, string headline, Regex expression) =>
        [.. ListEntry().Matches(Section(page, headline)).Select(entry => expression.Match(LineBreak().Replace(entry.Groups[1].Value, " "))).Where(match => match.Success).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"^- (.*(?:\n  .*)*)", RegexOptions.Multiline)]
    private static partial Regex ListEntry();

    [GeneratedRegex(@"\n +")]
    private static partial Regex LineBreak();

    [GeneratedRegex("^(.*)$")]
    private static partial Regex AnyEntry();

    [GeneratedRegex("^`([a-z0-9-]+)`:")]
    private static partial Regex ReasonEntry();

    [GeneratedRegex(@"\]\(([^)#:]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^(\*\*[^*]+\*\*: [^;]+; tried: [^;]+; `[A-Z]+`(?:, `[A-Z]+`)?\.)")]
    private static partial Regex LibraryEntry();

    [GeneratedRegex(@"^\| `([A-Z]+)` \| (`[A-Z]+`|–) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("^`([A-Z_]+)`:")]
    private static partial Regex SettingEntry();
}
