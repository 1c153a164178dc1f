using System.Reflection;
using System.Text.RegularExpressions;
using Agent.Instrumentations;
using Agent.StartupHook;

namespace Agent.UnitTests;

/// <summary>The README's table of settings and the code name the same variables.</summary>
[TestClass]
public sealed partial class ReadmeTests
{
    [TestMethod]
    public void Settings_table_has_every_variable_that_is_read_and_no_other()
    {
        var path = typeof(ReadmeTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "Readme").Value!;
        var readme = File.ReadAllText(path);
        var section = readme[readme.IndexOf("## Settings", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", 5, StringComparison.Ordinal)];
        var documented = FirstColumn().Matches(section).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal).ToList();

        var read = new HashSet<string> { "DOTNET_STARTUP_HOOKS", "AGENT_CONFIG_FILE" }; // the runtime reads the first; the other is read before the settings are
        foreach (var sampler in (string?[])[null, "traceidratio"]) // the argument is read only for a sampler that has one
            _ = new Settings(name => Read(name, name == "OTEL_TRACES_SAMPLER" ? sampler : null));
        _ = Decision.Make(isFirst: true, new Version(10, 0), "App", name => Read(name, null));
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
        var path = typeof(ReadmeTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "Readme").Value!;
        var readme = File.ReadAllText(path);
        var section = readme[readme.IndexOf("## Switches", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", 5, StringComparison.Ordinal)];
        var documented = Row().Matches(section).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}").Order(StringComparer.Ordinal).ToList();
        var there = InstrumentationList.Patches.Concat(AspNetCore.AspNetCoreInstrumentations.Patches).SelectMany(entry => entry.Value)
            .Select(patch => $"{Switches.NameOf(patch)} `{Switches.FamilyOf(patch)}`")
            .Order(StringComparer.Ordinal).ToList();
        CollectionAssert.AreEqual(there, documented, $"The code has\n{string.Join('\n', there)}");
    }

    [TestMethod]
    public void Table_of_libraries_has_every_source_and_no_other()
    {
        var path = typeof(ReadmeTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "Readme").Value!;
        var readme = File.ReadAllText(path);
        var section = readme[readme.IndexOf("## Libraries", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", 5, StringComparison.Ordinal)];
        var documented = Library().Matches(section).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}").ToList();
        CollectionAssert.AreEqual(LibrarySources.All.Select(library => $"{library.Name} {string.Join(", ", library.Sources.Select(source => $"`{source}`"))}").ToList(), documented);
    }

    [GeneratedRegex(@"^\|[^|]+\| `([A-Z]+)` \| source ([^|]+?) \|", RegexOptions.Multiline)]
    private static partial Regex Library();

    [GeneratedRegex(@"^\| `([A-Z]+)` \| (`[A-Z]+`|–) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| `([A-Z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex FirstColumn();
}
