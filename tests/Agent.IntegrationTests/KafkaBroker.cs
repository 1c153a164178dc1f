using System.Runtime.InteropServices;
using System.Text;

namespace Agent.IntegrationTests;

/// <summary>A Kafka broker in this process: librdkafka's own mock cluster, which speaks Kafka's protocol on a port of this machine.</summary>
sealed partial class KafkaBroker : IDisposable
{
    const string Library = "centos8-librdkafka"; // of the package's libraries the one that needs nothing else

    readonly nint _client;
    readonly nint _cluster;

    public KafkaBroker()
    {
        var error = new byte[512];
        _client = New(0, 0, error, error.Length);
        Assert.AreNotEqual(0, _client, Encoding.UTF8.GetString(error));
        _cluster = NewCluster(_client, 1);
        Assert.AreNotEqual(0, _cluster, "no mock cluster");
        Address = Marshal.PtrToStringUTF8(Bootstraps(_cluster))!;
    }

    public string Address { get; }

    public void Dispose()
    {
        DestroyCluster(_cluster);
        Destroy(_client);
    }

    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    private static partial nint New(int type, nint configuration, [Out] byte[] error, nint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    private static partial void Destroy(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
    private static partial nint NewCluster(nint client, int brokers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static partial nint Bootstraps(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    private static partial void DestroyCluster(nint cluster);
}
