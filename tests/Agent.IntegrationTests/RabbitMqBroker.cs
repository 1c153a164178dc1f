using System.Diagnostics;

namespace Agent.IntegrationTests;

/// <summary>A RabbitMQ server of the machine's own, as a process with its files in a folder that goes with it.</summary>
sealed class RabbitMqBroker : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agent-rabbitmq-");
    readonly int _port = TestApp.FreePort(), _names = TestApp.FreePort();
    readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Process _process;

    RabbitMqBroker(string program)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in ((string, string)[])[
            ("HOME", _folder.FullName), ("RABBITMQ_NODENAME", "agent@localhost"), ("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"), ("RABBITMQ_NODE_PORT", $"{_port}"),
            ("RABBITMQ_DIST_PORT", $"{TestApp.FreePort()}"), ("ERL_EPMD_PORT", $"{_names}"), ("ERL_EPMD_ADDRESS", "127.0.0.1"), ("RABBITMQ_MNESIA_BASE", _folder.FullName), ("RABBITMQ_LOGS", "-"),
            ("RABBITMQ_CONFIG_FILE", $"{_folder}/none"), ("RABBITMQ_CONF_ENV_FILE", $"{_folder}/none"), ("RABBITMQ_ENABLED_PLUGINS_FILE", $"{_folder}/plugins"), ("RABBITMQ_PID_FILE", $"{_folder}/pid")])
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += static (_, _) => { };
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException($"{program} has ended"));
        _process.EnableRaisingEvents = true;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Address => $"amqp://guest:guest@127.0.0.1:{_port}/";

    /// <summary>Inconclusive where the machine has none.</summary>
    public static async Task<RabbitMqBroker> Start()
    {
        var program = Directory.Exists("/usr/lib/rabbitmq/lib") ? Directory.GetFiles("/usr/lib/rabbitmq/lib", "rabbitmq-server", SearchOption.AllDirectories).FirstOrDefault() : null;
        if (program is null)
            Assert.Inconclusive("There is no RabbitMQ here (Debian and Ubuntu: apt-get install rabbitmq-server).");
        var broker = new RabbitMqBroker(program);
        try
        {
            await broker._listening.Task.WaitAsync(Patience);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    void Hear(string? line)
    {
        if (line?.Contains($"started TCP listener on 127.0.0.1:{_port}", StringComparison.Ordinal) == true)
            _listening.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        // The name server of Erlang goes on by itself.
        using var end = Process.Start(new ProcessStartInfo("epmd", ["-port", $"{_names}", "-kill"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await end.WaitForExitAsync();
        _folder.Delete(recursive: true);
    }
}
