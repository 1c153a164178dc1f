using System.ServiceModel;

namespace Partners;

/// <summary>A SOAP service, called with WCF's client.</summary>
static class SoapPartner
{
    public static void Map(WebApplication app)
    {
        if (app.Configuration["Partners:Soap"] is not { } address)
            return;
        var factory = new ChannelFactory<IPostOffice>(new BasicHttpBinding(), new EndpointAddress(address));
        app.MapGet("/soap/async", (string name) => factory.CreateChannel().WriteAsync(name));
        app.MapGet("/soap/sync", (string name) => factory.CreateChannel().Write(name));
        app.MapGet("/soap/begin", (string name) =>
        {
            var office = factory.CreateChannel();
            return Task.Factory.FromAsync(office.BeginWriteSlowly, office.EndWriteSlowly, name, null);
        });
        app.MapGet("/soap/callback", (string name) =>
        {
            var office = factory.CreateChannel();
            var done = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            office.BeginWriteSlowly(name, result =>
            {
                try
                {
                    done.SetResult(office.EndWriteSlowly(result));
                }
                catch (FaultException e)
                {
                    done.SetResult(e.Message);
                }
            }, null);
            return done.Task;
        });
        app.MapGet("/soap/wait", (string name) =>
        {
            var office = factory.CreateChannel();
            var result = office.BeginWriteSlowly(name, null, null);
            result.AsyncWaitHandle.WaitOne();
            return office.EndWriteSlowly(result);
        });
        app.MapGet("/soap/fault", async () =>
        {
            try
            {
                return await factory.CreateChannel().WriteAsync("nobody");
            }
            catch (FaultException e)
            {
                return e.Message;
            }
        });
    }

    /// <summary>As the tools generate it, once for each way to call.</summary>
    [ServiceContract(Namespace = "http://post.example/", Name = "PostOffice")]
    interface IPostOffice
    {
        [OperationContract(Action = "http://post.example/PostOffice/Write", ReplyAction = "*")]
        string Write(string name);

        [OperationContract(Action = "http://post.example/PostOffice/Write", ReplyAction = "*")]
        Task<string> WriteAsync(string name);

        [OperationContract(AsyncPattern = true, Action = "http://post.example/PostOffice/Write", ReplyAction = "*", Name = "Write")]
        IAsyncResult BeginWriteSlowly(string name, AsyncCallback? callback, object? state);

        string EndWriteSlowly(IAsyncResult result);
    }
}
