using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Google.Protobuf;

namespace Agent.Viewer.Tests;

[TestClass]
public sealed class ProgramTests(TestContext context)
{
    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = true)]
    public async Task The_program_prints_what_is_left_when_it_is_stopped()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        await using var output = new ChannelWriter();
        using var error = new StringWriter();
        var running = Program.RunAsync(["--port", "0", "--tree", "--http-port", "0", "--grpc-port", "0", "--width", "80", "--no-color"], output, error, stop.Token);
        var greeting = await output.Written.ReadAsync(context.CancellationToken);
        Assert.MatchesRegex(
            @"^Listening for OTLP on http://127\.0\.0\.1:\d+ \(http\) and http://127\.0\.0\.1:\d+ \(grpc\)\. Ctrl\+C stops\.\nTraces: http://localhost:\d+\n\n$",
            greeting);

        using (var exporter = new Exporter(new Uri(greeting.Split(' ')[4])))
            await exporter.PostAsync(Exporter.Request("GET /").ToByteArray(), context.CancellationToken);
        await stop.CancelAsync();

        Assert.AreEqual(0, await running);
        var lines = (await output.Written.ReadAsync(context.CancellationToken)).Split('\n');
        Assert.EndsWith("  2.00 ms  1 span  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", lines[0]);
        Assert.AreEqual("  GET /                             2.00 ms  ████████████████", lines[1]);
        Assert.IsFalse(output.Written.TryRead(out var more), more);
        Assert.AreEqual("", error.ToString());
    }

    [TestMethod]
    [DataRow("--htp-port", "Unknown argument '--htp-port'; accepted are --port N, --http-port N, --grpc-port N, --listen ADDRESS, --token TEXT, --host NAME, --memory SIZE, --data FOLDER, --data-size SIZE, --editor LINK, --tree, --width N, --color, --no-color, --until-input-ends, --help and --version.")]
    [DataRow("--http-port", "--http-port needs a whole number from 0 to 65535.")]
    [DataRow("--listen any", "--listen 0.0.0.0 lets other machines read traces and send some; it needs --token, or AGENT_VIEWER_TOKEN in the environment.")]
    [DataRow("--listen here", "--listen needs an address of this machine, such as 192.168.1.5, or any, not 'here'.")]
    [DataRow("--memory 1MiB", "--memory needs a size of at least 16MiB, such as 512MiB or 2GiB, not '1MiB'.")]
    [DataRow("--data-size", "--data-size needs a size, such as 512MiB or 2GiB.")]
    [DataRow("--editor javascript:{path}", "--editor needs a link with {path}, such as vscode://file/{path}:{line}, not 'javascript:{path}'.")]
    [DataRow("--grpc-port 65536", "--grpc-port needs a whole number from 0 to 65535, not '65536'.")]
    [DataRow("--no-color --width wide", "--width needs a whole number from 60 to 500, not 'wide'.")]
    public async Task A_mistyped_command_line_ends_with_2_and_says_what_is_accepted(string line, string expected)
    {
        Assert.AreEqual((2, "", expected + Environment.NewLine), await RunAsync(line.Split(' ')));
    }

    [TestMethod]
    public async Task A_taken_port_ends_with_1_and_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var expected = $"Port {port} on 127.0.0.1 is taken{(OperatingSystem.IsLinux() ? $" by {File.ReadAllText("/proc/self/comm").Trim()} (process {Environment.ProcessId})" : "")}; choose another one with --grpc-port, 0 for any free one.";
        Assert.AreEqual((1, "", expected + Environment.NewLine), await RunAsync("--port", "0", "--http-port", "0", "--grpc-port", $"{port}"));
    }

    [TestMethod]
    public async Task Help_and_version_go_to_the_output()
    {
        Assert.AreEqual((0, $"Agent.Viewer 0.1.0{Environment.NewLine}", ""), await RunAsync("--version"));
        var (code, help, error) = await RunAsync("--help");
        Assert.AreEqual((0, ""), (code, error));
        string[] arguments = ["--http-port", "--grpc-port", "--width", "--no-color", "--help", "--version"];
        foreach (var argument in arguments)
            Assert.Contains(argument, help);
    }

    async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (await Program.RunAsync(args, output, error, context.CancellationToken), output.ToString(), error.ToString());
    }

    /// <summary>Lets a test wait for the next thing the program writes.</summary>
    sealed class ChannelWriter : TextWriter
    {
        readonly Channel<string> _written = Channel.CreateUnbounded<string>();

        public ChannelReader<string> Written => _written.Reader;

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(string? value) => _written.Writer.TryWrite(value ?? "");

        public override Task WriteLineAsync(string? value)
        {
            Write(value + "\n");
            return Task.CompletedTask;
        }
    }
}
