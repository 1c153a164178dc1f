using Greeter.Protos;
using Grpc.Core;
using Grpc.Net.Client;

namespace Partners;

/// <summary>A gRPC service: one call, a stream, and a call that nobody answers.</summary>
static class GrpcPartner
{
    public static void Map(WebApplication app)
    {
        if (app.Configuration["Partners:Grpc"] is not { } address)
            return;
        var client = new Greeter.Protos.Greeter.GreeterClient(GrpcChannel.ForAddress(address));
        app.MapGet("/grpc/hello", async (string name) => (await client.SayHelloAsync(new HelloRequest { Name = name })).Message);
        app.MapGet("/grpc/often", async (string name) =>
        {
            using var call = client.SayHelloOften(new OftenRequest { Hello = new HelloRequest { Name = name }, Times = 2 });
            var greetings = new List<string>();
            await foreach (var reply in call.ResponseStream.ReadAllAsync())
                greetings.Add(reply.Message);
            return string.Join(' ', greetings);
        });
        app.MapGet("/grpc/goodbye", async (string name) =>
        {
            try
            {
                return (await client.SayGoodbyeAsync(new HelloRequest { Name = name })).Message;
            }
            catch (RpcException e)
            {
                return e.StatusCode.ToString();
            }
        });
    }
}
