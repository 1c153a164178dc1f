using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace HarmonyLib.Tests;

/// <summary>The short sample of `./build.sh torture`, in a process of its own.</summary>
[TestClass]
[TestCategory("NotUnderWine")]
public sealed partial class TortureTests
{
    [GeneratedRegex(@"^(patched|failed) +([\d,]+)", RegexOptions.Multiline)]
    private static partial Regex Count();

    [TestMethod]
    [DataRow]
    [DataRow("--transpile")]
    public async Task Thousands_of_patched_methods_do_what_they_did(params string[] options)
    {
        // Beside this program's folder, in the same configuration.
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Path.Combine(own.Parent!.Parent!.FullName, "Agent.Torture", own.Name, "Agent.Torture.dll");
        using var torture = Process.Start(new ProcessStartInfo("dotnet", [program, "--sample", .. options]) { RedirectStandardOutput = true })!;
        var output = await torture.StandardOutput.ReadToEndAsync();
        await torture.WaitForExitAsync();
        Assert.AreEqual(0, torture.ExitCode, output);
        var counts = Count().Matches(output).ToDictionary(match => match.Groups[1].Value, match => int.Parse(match.Groups[2].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
        Assert.AreEqual(0, counts["failed"], output);
        Assert.IsGreaterThan(5_000, counts["patched"], output);
    }
}
