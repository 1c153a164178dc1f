using Confluent.Kafka;

namespace Errands;

/// <summary>A topic with a producer and a consumer on a thread of its own.</summary>
static class KafkaErrand
{
    public static async Task<string> Run(string broker, string errand)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = broker }).Build();
        var sent = await producer.ProduceAsync("errands", new Message<string, string> { Key = "key of it", Value = errand });
        var handed = new TaskCompletionSource();
        producer.Produce("errands", new Message<string, string> { Value = "later", Headers = new Headers { { "own", [1] } } }, _ => handed.SetResult());
        await handed.Task;

        var thread = new Thread(() => Consume(broker, sent.TopicPartitionOffset));
        thread.Start();
        var done = await Work.Of(errand).Done;
        thread.Join();
        return done;
    }

    /// <summary>A message that is larger than it may be.</summary>
    public static async Task<string> Fail(string broker)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = broker, MessageMaxBytes = 1000 }).Build();
        try
        {
            await producer.ProduceAsync("errands", new Message<Null, byte[]> { Value = new byte[2000] });
            return "sent";
        }
        catch (ProduceException<Null, byte[]> e)
        {
            return e.Error.Code.ToString();
        }
    }

    static void Consume(string broker, TopicPartitionOffset from)
    {
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = broker, GroupId = "runners" }).Build();
        consumer.Assign(from);
        if (consumer.Consume(TimeSpan.FromSeconds(30)) is { Message.Value: var errand })
            Work.Of(errand).Do(errand);
        consumer.Close();
    }
}
