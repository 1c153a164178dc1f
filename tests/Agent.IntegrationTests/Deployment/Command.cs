using System.Diagnostics;

namespace Agent.IntegrationTests.Deployment;

/// <summary>Programs of others, run to their end.</summary>
static class Command
{
    /// <summary>Where root's programs are, which its own PATH may leave out.</summary>
    static readonly string[] Folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/sbin", "/sbin"];

    /// <summary>Its path; the test is inconclusive where it is not installed.</summary>
    public static string Find(string name) => Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new AssertInconclusiveException($"There is no {name} (Debian: apt-get install {name}).");

    /// <summary>Runs it to its end, which must be a good one.</summary>
    /// <returns>What it has printed.</returns>
    public static async Task<string> Run(string program, params string[] arguments)
    {
        var ended = await Try(program, null, arguments);
        Assert.AreEqual(0, ended.ExitCode, $"{program} {string.Join(' ', arguments)}\n{ended.Output}{ended.Error}");
        return ended.Output;
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="input">What it reads; null for nothing.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<EndedApp> Try(string program, string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.IsPathRooted(program) ? program : Find(program), arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Remove("DOTNET_STARTUP_HOOKS");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }
}
