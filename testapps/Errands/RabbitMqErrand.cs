using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Errands;

/// <summary>A queue with a publisher and a consumer, as in RabbitMQ's tutorial.</summary>
static class RabbitMqErrand
{
    public static async Task<string> Run(string broker, string errand)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync("errands", durable: false, exclusive: false, autoDelete: true);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            await Task.Yield();
            Work.Of(errand).Do(Encoding.UTF8.GetString(message.Body.Span));
        };
        await channel.BasicConsumeAsync("errands", autoAck: true, consumer);
        await channel.BasicPublishAsync("", "errands", Encoding.UTF8.GetBytes(errand));
        return await Work.Of(errand).Done;
    }
}
