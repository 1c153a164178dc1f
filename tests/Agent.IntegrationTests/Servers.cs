namespace Agent.IntegrationTests;

/// <summary>Database servers as they are installed on this machine, each started for one test class.</summary>
static class Servers
{
    public static Task<Server> StartPostgres() => Server.Start(Program("postgres", [.. Folders("/usr/lib/postgresql", "bin"), "/usr/local/bin", "/usr/bin"]), "postgresql", async (program, server) =>
    {
        await server.Run(Path.Combine(Path.GetDirectoryName(program)!, "initdb"), "-D", server.Folder, "-U", "shop", "--auth=trust", "--no-sync");
        return [program, "-D", server.Folder, "-p", $"{server.Port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"];
    });

    public static Task<Server> StartMariaDb() => Server.Start(Program("mariadbd", ["/usr/sbin", "/usr/libexec", "/usr/local/sbin"]), "mariadb-server", async (program, server) =>
    {
        await server.Run("/usr/bin/mariadb-install-db", "--no-defaults", $"--datadir={server.Folder}", "--auth-root-authentication-method=normal", "--skip-test-db");
        return [program, "--no-defaults", $"--datadir={server.Folder}", $"--port={server.Port}", "--bind-address=127.0.0.1", $"--socket={server.Folder}/socket"];
    });

    public static Task<Server> StartRedis() => Server.Start(Program("redis-server", ["/usr/bin", "/usr/local/bin"]), "redis-server", (program, server) =>
        Task.FromResult<string[]>([program, "--port", $"{server.Port}", "--bind", "127.0.0.1", "--dir", server.Folder, "--save", "", "--appendonly", "no"]));

    public static Task<Server> StartNats() => Server.Start(Program("nats-server", ["/usr/sbin", "/usr/local/bin", "/usr/bin"]), "nats-server", (program, server) =>
        Task.FromResult<string[]>([program, "--addr", "127.0.0.1", "--port", $"{server.Port}", "--jetstream", "--store_dir", server.Folder]));

    /// <summary>Anybody may publish below «devices», nobody below «locked». A second port takes WebSockets.</summary>
    /// <param name="webSockets">That port.</param>
    public static Task<Server> StartMosquitto(int webSockets) => Server.Start(Program("mosquitto", ["/usr/sbin", "/usr/local/sbin", "/usr/bin"]), "mosquitto", async (program, server) =>
    {
        var (configuration, rights) = (Path.Combine(server.Folder, "configuration"), Path.Combine(server.Folder, "rights"));
        await File.WriteAllTextAsync(rights, "topic readwrite devices/#\ntopic read locked/#\n");
        await File.WriteAllTextAsync(configuration, $"listener {server.Port} 127.0.0.1\nlistener {webSockets} 127.0.0.1\nprotocol websockets\nallow_anonymous true\nacl_file {rights}\nlog_dest stderr\n");
        return [program, "-c", configuration];
    });

    static string? Program(string name, string[] folders) => folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    static IEnumerable<string> Folders(string parent, string below) =>
        Directory.Exists(parent) ? Directory.GetDirectories(parent).OrderDescending(StringComparer.Ordinal).Select(folder => Path.Combine(folder, below)) : [];
}
