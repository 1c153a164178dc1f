using System.Diagnostics;

namespace Agent.Benchmarks;

/// <summary>Programs of the machine.</summary>
static class Programs
{
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    /// <summary>wrk is there when this returns: installed if that is ours to do.</summary>
    public static async Task RequireWrk(CancellationToken stop)
    {
        if (Find("wrk") is not null)
            return;
        if (Find("apt-get") is not null && Environment.UserName == "root")
        {
            Console.WriteLine("There is no wrk; installing it: apt-get install -y wrk");
            foreach (var arguments in (string[][])[["update"], ["install", "-y", "wrk"]])
                await Output(new ProcessStartInfo("apt-get", arguments), stop);
        }
        if (Find("wrk") is null)
            throw new BenchmarkException("wrk, which makes the load, is missing: install it (Debian and Ubuntu: apt-get install wrk) and run this again.");
    }

    /// <summary>Runs a program to its end, or ends it when told to stop.</summary>
    public static async Task<string> Output(ProcessStartInfo start, CancellationToken stop)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        try
        {
            var error = process.StandardError.ReadToEndAsync(stop);
            var output = await process.StandardOutput.ReadToEndAsync(stop);
            await process.WaitForExitAsync(stop);
            return process.ExitCode == 0
                ? output
                : throw new BenchmarkException($"`{start.FileName} {string.Join(' ', start.ArgumentList)}` ended with exit code {process.ExitCode}:\n{output}{await error}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
