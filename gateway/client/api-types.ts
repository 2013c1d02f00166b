// npm run openapi makes this of gateway/openapi/openapi.json.
export interface paths {
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Accounts, newest first
         * @description For admin.
         */
        get: operations["listUsers"];
        put?: never;
        /**
         * Registers a person
         * @description For anybody. With an idempotency key it takes effect once, however often it is sent.
         */
        post: operations["registerUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A profile
         * @description For whoever is signed in.
         */
        get: operations["getUser"];
        /**
         * Changes a profile; what is left out stays as it is
         * @description For whoever is signed in. With an idempotency key it takes effect once, however often it is sent.
         */
        put: operations["changeProfile"];
        post?: never;
        /**
         * Erases a person: their data can never be read again
         * @description For whoever is signed in. With an idempotency key it takes effect once, however often it is sent.
         */
        delete: operations["eraseUser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Says which roles a person has
         * @description For admin. With an idempotency key it takes effect once, however often it is sent.
         */
        put: operations["changeRoles"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Orders of a person, newest first
         * @description For whoever is signed in.
         */
        get: operations["listOrdersOfUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Signs in
         * @description For anybody.
         */
        post: operations["signIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives new tokens for a refresh token, which is used up
         * @description For anybody.
         */
        post: operations["refreshTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Signs out: neither token is good any more
         * @description For whoever is signed in.
         */
        post: operations["signOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The public keys of access tokens
         * @description For anybody.
         */
        get: operations["getPublicKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Products on offer, by name unless sorted otherwise
         * @description For anybody.
         */
        get: operations["listProducts"];
        put?: never;
        /**
         * Adds a product
         * @description For staff. With an idempotency key it takes effect once, however often it is sent.
         */
        post: operations["addProduct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A product on offer
         * @description For anybody.
         */
        get: operations["getProduct"];
        /**
         * Changes a product; what is left out is empty then
         * @description For staff. With an idempotency key it takes effect once, however often it is sent.
         */
        put: operations["changeProduct"];
        post?: never;
        /**
         * Takes a product off offer
         * @description For staff. With an idempotency key it takes effect once, however often it is sent.
         */
        delete: operations["discontinueProduct"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/categories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Categories, by name
         * @description For anybody.
         */
        get: operations["listCategories"];
        put?: never;
        /**
         * Adds a category
         * @description For staff. With an idempotency key it takes effect once, however often it is sent.
         */
        post: operations["addCategory"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/{productId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The stock of a product
         * @description For staff.
         */
        get: operations["getStock"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/{productId}/receipts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Records that pieces have arrived
         * @description For staff. With an idempotency key it takes effect once, however often it is sent.
         */
        post: operations["receiveStock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/{productId}/adjustments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Corrects the stock by so many pieces
         * @description For staff. With an idempotency key it takes effect once, however often it is sent.
         */
        post: operations["adjustStock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The cart of the caller, at the prices of now
         * @description For customer.
         */
        get: operations["getCart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cart/items/{productId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Says how many pieces of a product are in the cart
         * @description For customer. With an idempotency key it takes effect once, however often it is sent.
         */
        put: operations["setCartItem"];
        post?: never;
        /**
         * Takes a product out of the cart
         * @description For customer. With an idempotency key it takes effect once, however often it is sent.
         */
        delete: operations["removeCartItem"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cart/checkout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes an order of the cart
         * @description For customer. With an idempotency key it takes effect once, however often it is sent.
         */
        post: operations["checkOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The caller's orders, or for staff everybody's, newest first
         * @description For whoever is signed in.
         */
        get: operations["listOrders"];
        put?: never;
        /**
         * Places an order; the platform says what it costs
         * @description For customer and staff. With an idempotency key it takes effect once, however often it is sent.
         */
        post: operations["placeOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An order
         * @description For whoever is signed in.
         */
        get: operations["getOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Asks for an order to be cancelled
         * @description For whoever is signed in. With an idempotency key it takes effect once, however often it is sent.
         */
        post: operations["cancelOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/returns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Asks for an order that has arrived to be taken back
         * @description For whoever is signed in. With an idempotency key it takes effect once, however often it is sent.
         */
        post: operations["returnOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Sends, delivers or cancels an order
         * @description For staff. With an idempotency key it takes effect once, however often it is sent.
         */
        put: operations["changeOrderStatus"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/saga/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tries the step of the saga again now
         * @description For staff. With an idempotency key it takes effect once, however often it is sent.
         */
        post: operations["retrySaga"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/saga/skip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives the step up and goes to compensation
         * @description For staff. With an idempotency key it takes effect once, however often it is sent.
         */
        post: operations["skipSaga"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/saga/abort": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives the order up and compensates
         * @description For staff. With an idempotency key it takes effect once, however often it is sent.
         */
        post: operations["abortSaga"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An order as it changes
         * @description For whoever is signed in.
         */
        get: operations["followOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All orders as they change
         * @description For staff.
         */
        get: operations["followOrders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/saga": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The saga of an order
         * @description For staff.
         */
        get: operations["getSaga"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All that happened with an order, in one ordered list
         * @description For whoever is signed in.
         */
        get: operations["getTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Offers another method for an order whose payment was declined
         * @description For whoever is signed in. With an idempotency key it takes effect once, however often it is sent.
         */
        post: operations["offerPaymentMethod"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{orderId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The payment of an order
         * @description For whoever is signed in.
         */
        get: operations["getPayment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{orderId}/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives money back; all that is left without an amount
         * @description For staff. With an idempotency key it takes effect once, however often it is sent.
         */
        post: operations["refundPayment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A notice of the payment provider, signed by it; a repeat is a success
         * @description For anybody.
         */
        post: operations["receivePaymentNotice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shipments/{orderId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The shipment of an order
         * @description For whoever is signed in.
         */
        get: operations["getShipment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shipments/{orderId}/tracking": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Records what a carrier tells of a shipment
         * @description For staff. With an idempotency key it takes effect once, however often it is sent.
         */
        post: operations["addTracking"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the caller was told lately, newest first
         * @description For whoever is signed in.
         */
        get: operations["listNotifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bff/web/home": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The first screen in a browser
         * @description For customer.
         */
        get: operations["getWebHome"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bff/mobile/home": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The first screen on a telephone
         * @description For customer.
         */
        get: operations["getMobileHome"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bff/web/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The screen of an order
         * @description For customer.
         */
        get: operations["getOrderScreen"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/projections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The views, with how far they have come
         * @description For admin.
         */
        get: operations["listProjections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/projections/{name}/rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Builds a view anew beside the one that serves
         * @description For admin.
         */
        post: operations["rebuildProjection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/projections/{name}/switch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lets the build beside it serve
         * @description For admin.
         */
        post: operations["switchProjection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/projections/{name}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lets the build that served before serve again
         * @description For admin.
         */
        post: operations["rollbackProjection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/projections/{name}/parked": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events that a view could not take
         * @description For admin.
         */
        get: operations["listParkedEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/projections/{name}/parked/{key}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Has the parked events of a key applied again
         * @description For admin.
         */
        post: operations["retryParkedEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/projections/{name}/parked/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Has the parked events of a key forgotten
         * @description For admin.
         */
        delete: operations["discardParkedEvents"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/streams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The streams whose names begin with a prefix, by name
         * @description For auditor and admin.
         */
        get: operations["listStreams"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/streams/{stream}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The events of a stream, as they are stored
         * @description For auditor and admin.
         */
        get: operations["readStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/streams/{stream}/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An aggregate as it was just after a revision, or at an instant
         * @description For auditor and admin.
         */
        get: operations["getPastState"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/streams/{stream}/difference": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What differs in an aggregate between two points of its past
         * @description For auditor and admin.
         */
        get: operations["getDifference"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events as they are stored, one in a line; after the position of the last line it goes on
         * @description For auditor and admin.
         */
        get: operations["readEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/correlations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All events that one request has led to, each with those that it caused
         * @description For auditor and admin.
         */
        get: operations["getCorrelation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The replays that are kept, newest first
         * @description For auditor and admin.
         */
        get: operations["listReplays"];
        put?: never;
        /**
         * Builds a view aside as it was at a position or an instant
         * @description For auditor and admin.
         */
        post: operations["beginReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/replays/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A replay, with how far it has come and what came of it
         * @description For auditor and admin.
         */
        get: operations["getReplay"];
        put?: never;
        post?: never;
        /**
         * Stops a replay where it runs, and removes it
         * @description For auditor and admin.
         */
        delete: operations["dropReplay"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/replays/{id}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The rows of a replay that is done, by key
         * @description For auditor and admin.
         */
        get: operations["listReplayRows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Has the whole record compared with what was logged and signed of it
         * @description For auditor and admin.
         */
        post: operations["requestVerification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verifications/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far a verification is, and what it found
         * @description For auditor and admin.
         */
        get: operations["getVerification"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the latest verification found
         * @description For auditor and admin.
         */
        get: operations["getLatestVerification"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/proofs/{position}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * That the event at a position is in the log that was signed
         * @description For auditor and admin.
         */
        get: operations["getProof"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/consistency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * That the log of so many events begins with that of fewer
         * @description For auditor and admin.
         */
        get: operations["getConsistency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/checkpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The checkpoints that were signed, the newest first
         * @description For auditor and admin.
         */
        get: operations["listCheckpoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A stream, a correlation or a period as a signed bundle, which is checked off line
         * @description For auditor and admin.
         */
        post: operations["exportBundle"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the platform and its parts are
         * @description For anybody.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether this process runs
         * @description For anybody.
         */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether this process can serve; 503 with what is missing where it cannot
         * @description For anybody.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics for Prometheus; with METRICS_TOKEN set, for whoever shows it as a bearer token
         * @description For anybody.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This description
         * @description For anybody.
         */
        get: operations["getDescription"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An id */
        Id: string;
        /**
         * @description Why something was refused (RFC 9457)
         * @example {
         *       "type": "urn:evermart:problem:request.invalid",
         *       "status": 400,
         *       "title": "The request has wrong fields",
         *       "detail": "The request has wrong fields",
         *       "code": "request.invalid",
         *       "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
         *       "errors": [
         *         {
         *           "pointer": "/items/0/quantity",
         *           "detail": "must be >= 1"
         *         }
         *       ]
         *     }
         */
        Problem: {
            /** Format: uri */
            type: string;
            title: string;
            status: number;
            /** @description What to do about it */
            detail: string;
            /**
             * @description Stable: programs tell problems apart by it
             * @enum {string}
             */
            code: "auth.bad_credentials" | "auth.missing_token" | "auth.invalid_token" | "auth.expired_token" | "auth.revoked_token" | "auth.too_many_attempts" | "auth.forbidden" | "request.malformed_json" | "request.invalid" | "request.invalid_token" | "request.invalid_cursor" | "request.too_deep" | "request.malformed" | "request.timeout" | "request.target_too_long" | "request.headers_too_large" | "request.too_large" | "request.unsupported_media_type" | "route.not_found" | "request.method_not_allowed" | "idempotency.mismatch" | "idempotency.invalid_key" | "command.invalid" | "command.unknown" | "command.conflict" | "view.behind" | "view.parked" | "projection.not_found" | "projection.not_ready" | "projection.nothing_parked" | "rate.limited" | "gateway.overloaded" | "service.unavailable" | "service.timeout" | "internal.error" | "money.currency_mismatch" | "money.too_large" | "user.already_registered" | "user.email_taken" | "user.not_found" | "user.has_open_orders" | "user.registration_abandoned" | "user.erasure_withdrawn" | "user.change_abandoned" | "product.not_found" | "product.already_added" | "product.sku_taken" | "product.discontinued" | "product.change_abandoned" | "category.not_found" | "category.already_added" | "category.unknown_parent" | "stock.out_of_stock" | "stock.reservation_closed" | "stock.already_reserved" | "stock.not_reserved" | "stock.not_committed" | "stock.too_large" | "cart.empty" | "cart.too_many_lines" | "cart.too_many_checkouts" | "cart.unknown_product" | "cart.no_checkout" | "order.not_found" | "order.empty" | "order.unknown_user" | "order.unknown_product" | "order.placement_abandoned" | "order.too_many_payment_methods" | "order.illegal_transition" | "order.not_cancellable" | "order.not_returnable" | "saga.not_found" | "payment.not_found" | "payment.illegal_transition" | "shipment.not_found" | "shipment.illegal_transition" | "notification.not_found" | "notification.already_sent" | "payment.refund_too_large" | "audit.no_such_stream" | "audit.no_such_correlation" | "audit.no_such_category" | "audit.no_such_type" | "audit.too_many_events" | "audit.index_behind" | "audit.unreadable_event" | "audit.tampered" | "audit.beyond_the_end" | "audit.no_replay" | "audit.replay_running" | "audit.too_many_replays" | "audit.no_verification" | "audit.not_logged" | "webhook.signature_invalid" | "payment.refund_refused";
            traceId: string;
            /** @description Every wrong field */
            errors?: {
                /** @description RFC 6901 */
                pointer: string;
                detail: string;
            }[];
        };
        /**
         * @example {
         *       "email": "ada@example.com",
         *       "name": "Ada Lovelace",
         *       "password": "correct horse battery"
         *     }
         */
        Registration: {
            /** Format: email */
            email: string;
            /** @description text without control character NUL */
            name: string;
            /** @description text without control character NUL */
            password: string;
            /** @description text without control character NUL */
            phone?: string;
        };
        /**
         * @example {
         *       "phone": "+44 20 7946 0000"
         *     }
         */
        ProfileChange: {
            /** @description text without control character NUL */
            name?: string;
            /** Format: email */
            email?: string;
            /** @description text without control character NUL */
            phone?: string;
        };
        /**
         * @example {
         *       "roles": [
         *         "customer",
         *         "staff"
         *       ]
         *     }
         */
        RolesChange: {
            roles: ("customer" | "staff" | "auditor" | "admin")[];
        };
        /**
         * @example {
         *       "email": "ada@example.com",
         *       "password": "correct horse battery"
         *     }
         */
        SignIn: {
            /** @description text without control character NUL */
            email: string;
            /** @description text without control character NUL */
            password: string;
        };
        /**
         * @example {
         *       "refreshToken": "aGVsbG8gZnJvbSBhIHJlZnJlc2ggdG9rZW4"
         *     }
         */
        RefreshToken: {
            /** @description text without control character NUL */
            refreshToken: string;
        };
        /**
         * @example {
         *       "sku": "MUG-1",
         *       "name": "Mug",
         *       "description": "Holds 300 ml.",
         *       "price": {
         *         "amount": 1299,
         *         "currency": "EUR"
         *       },
         *       "categories": [
         *         "kitchen"
         *       ]
         *     }
         */
        NewProduct: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            sku: string;
            /** @description text without control character NUL */
            name: string;
            /** @description text without control character NUL */
            description?: string;
            price: components["schemas"]["Money"];
            categories?: string[];
        };
        /**
         * @example {
         *       "amount": 1299,
         *       "currency": "EUR"
         *     }
         */
        Money: {
            amount: number;
            /** @description an ISO 4217 code */
            currency: string;
        };
        /**
         * @example {
         *       "name": "Kitchen"
         *     }
         */
        NewCategory: {
            /** @description text without control character NUL */
            name: string;
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            parentId?: string;
        };
        /**
         * @example {
         *       "quantity": 100,
         *       "reference": "delivery 4711"
         *     }
         */
        NewReceipt: {
            quantity: number;
            /** @description text without control character NUL */
            reference?: string;
        };
        /**
         * @example {
         *       "quantity": -2,
         *       "reason": "broken"
         *     }
         */
        NewAdjustment: {
            /** @description an integer other than 0 */
            quantity: number;
            /** @description text without control character NUL */
            reason: string;
        };
        /**
         * @example {
         *       "quantity": 2
         *     }
         */
        Quantity: {
            quantity: number;
        };
        /**
         * @example {
         *       "paymentMethod": "pm_ok",
         *       "shippingAddress": {
         *         "name": "Ada Lovelace",
         *         "street": "12 St James Square",
         *         "city": "London",
         *         "postalCode": "SW1Y 4JH",
         *         "country": "GB"
         *       }
         *     }
         */
        Checkout: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            paymentMethod: string;
            shippingAddress: components["schemas"]["Address"];
        };
        /**
         * @example {
         *       "name": "Ada Lovelace",
         *       "street": "12 St James Square",
         *       "city": "London",
         *       "postalCode": "SW1Y 4JH",
         *       "country": "GB"
         *     }
         */
        Address: {
            /** @description text without control character NUL */
            name: string;
            /** @description text without control character NUL */
            street: string;
            /** @description text without control character NUL */
            city: string;
            /** @description text without control character NUL */
            postalCode: string;
            /** @description a country code of two upper-case letters (ISO 3166-1) */
            country: string;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "productId": "0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *           "quantity": 2
         *         }
         *       ],
         *       "paymentMethod": "pm_ok",
         *       "shippingAddress": {
         *         "name": "Ada Lovelace",
         *         "street": "12 St James Square",
         *         "city": "London",
         *         "postalCode": "SW1Y 4JH",
         *         "country": "GB"
         *       }
         *     }
         */
        NewOrder: {
            items: components["schemas"]["OrderItem"][];
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            paymentMethod: string;
            shippingAddress: components["schemas"]["Address"];
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            userId?: string;
        };
        OrderItem: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            productId: string;
            quantity: number;
        };
        /**
         * @example {
         *       "reason": "ordered by mistake"
         *     }
         */
        Cancellation: {
            /** @description text without control character NUL */
            reason?: string;
        };
        /**
         * @example {
         *       "reason": "arrived broken"
         *     }
         */
        Return: {
            /** @description text without control character NUL */
            reason: string;
        };
        /**
         * @example {
         *       "status": "SHIPPED"
         *     }
         */
        OrderStatus: {
            /** @enum {string} */
            status: "SHIPPED" | "DELIVERED" | "CANCELLED";
        };
        /**
         * @example {
         *       "orderId": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *       "paymentMethod": "pm_ok"
         *     }
         */
        PaymentMethod: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            orderId: string;
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            paymentMethod: string;
        };
        /**
         * @example {
         *       "amount": {
         *         "amount": 500,
         *         "currency": "EUR"
         *       },
         *       "reason": "arrived late"
         *     }
         */
        Refund: {
            amount?: components["schemas"]["RefundedMoney"];
            /** @description text without control character NUL */
            reason: string;
        };
        RefundedMoney: {
            amount: number;
            /** @description an ISO 4217 code */
            currency: string;
        };
        /**
         * @example {
         *       "status": "IN_TRANSIT",
         *       "location": "Leipzig"
         *     }
         */
        NewTracking: {
            /** @description text without control character NUL */
            status: string;
            /** @description text without control character NUL */
            location?: string;
            /** @description text without control character NUL */
            note?: string;
        };
        /**
         * @example {
         *       "view": "orders",
         *       "at": "2026-01-31T09:30:00.000Z"
         *     }
         */
        ReplayBody: {
            /** @description text without control character NUL */
            view: string;
            /** @description a position, or an instant in ISO 8601 with its offset */
            at: string;
        };
        /**
         * @example {
         *       "stream": "order-7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41"
         *     }
         */
        ExportSelection: {
            /** @description a stream, such as order- and an id */
            stream?: string;
            /** @description a UUID */
            correlationId?: string;
            /** Format: date-time */
            from?: string;
            /** Format: date-time */
            to?: string;
        };
        /**
         * @example {
         *       "id": "4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10",
         *       "email": "ada@example.com",
         *       "name": "Ada Lovelace",
         *       "roles": [
         *         "customer"
         *       ]
         *     }
         */
        RegisteredUser: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            id: string;
            /** Format: email */
            email: string;
            /** @description text without control character NUL */
            name: string;
            roles: ("customer" | "staff" | "auditor" | "admin")[];
        };
        /**
         * @example {
         *       "id": "4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10",
         *       "email": "ada@example.com",
         *       "name": "Ada Lovelace",
         *       "roles": [
         *         "customer"
         *       ],
         *       "phone": null
         *     }
         */
        Profile: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            id: string;
            email: string | null;
            name: string | null;
            phone: string | null;
            roles: ("customer" | "staff" | "auditor" | "admin")[];
        };
        /**
         * @example {
         *       "id": "4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10",
         *       "roles": [
         *         "customer",
         *         "staff"
         *       ]
         *     }
         */
        Roles: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            id: string;
            roles: ("customer" | "staff" | "auditor" | "admin")[];
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10",
         *           "email": "ada@example.com",
         *           "name": "Ada Lovelace",
         *           "roles": [
         *             "customer"
         *           ],
         *           "phone": null,
         *           "status": "ACTIVE",
         *           "registeredAt": "2026-03-14T09:26:53.589Z"
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        Accounts: {
            items: components["schemas"]["Account"][];
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "id": "4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10",
         *       "email": "ada@example.com",
         *       "name": "Ada Lovelace",
         *       "roles": [
         *         "customer"
         *       ],
         *       "phone": null,
         *       "status": "ACTIVE",
         *       "registeredAt": "2026-03-14T09:26:53.589Z"
         *     }
         */
        Account: {
            /** @enum {string} */
            status: "ACTIVE" | "DEACTIVATED";
            /** Format: date-time */
            registeredAt: string;
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            id: string;
            email: string | null;
            name: string | null;
            phone: string | null;
            roles: ("customer" | "staff" | "auditor" | "admin")[];
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *           "userId": "4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10",
         *           "items": [
         *             {
         *               "productId": "0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *               "sku": "MUG-1",
         *               "name": "Mug",
         *               "quantity": 2,
         *               "unitPrice": {
         *                 "amount": 1299,
         *                 "currency": "EUR"
         *               }
         *             }
         *           ],
         *           "total": {
         *             "amount": 2598,
         *             "currency": "EUR"
         *           },
         *           "status": "SHIPPED",
         *           "statusReason": null,
         *           "payment": {
         *             "status": "CAPTURED",
         *             "method": "pm_ok"
         *           },
         *           "shipment": {
         *             "status": "DISPATCHED",
         *             "trackingNumber": "PX-20440"
         *           },
         *           "placedAt": "2026-03-14T09:26:53.589Z",
         *           "updatedAt": "2026-03-14T09:26:53.589Z",
         *           "version": 4
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        Orders: {
            items: components["schemas"]["Order"][];
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "id": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *       "userId": "4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10",
         *       "items": [
         *         {
         *           "productId": "0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *           "sku": "MUG-1",
         *           "name": "Mug",
         *           "quantity": 2,
         *           "unitPrice": {
         *             "amount": 1299,
         *             "currency": "EUR"
         *           }
         *         }
         *       ],
         *       "total": {
         *         "amount": 2598,
         *         "currency": "EUR"
         *       },
         *       "status": "SHIPPED",
         *       "statusReason": null,
         *       "payment": {
         *         "status": "CAPTURED",
         *         "method": "pm_ok"
         *       },
         *       "shipment": {
         *         "status": "DISPATCHED",
         *         "trackingNumber": "PX-20440"
         *       },
         *       "placedAt": "2026-03-14T09:26:53.589Z",
         *       "updatedAt": "2026-03-14T09:26:53.589Z",
         *       "version": 4
         *     }
         */
        Order: {
            statusReason: string | null;
            payment: components["schemas"]["PaymentOfOrder"] | null;
            shipment: components["schemas"]["ShipmentOfOrder"] | null;
            /** Format: date-time */
            placedAt: string;
            /** Format: date-time */
            updatedAt: string;
            version: number;
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            id: string;
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            userId: string;
            items: components["schemas"]["OrderLine"][];
            total: components["schemas"]["Money"];
            /** @enum {string} */
            status: "PENDING" | "PAID" | "SHIPPED" | "DELIVERED" | "RETURNED" | "REJECTED" | "CANCELLED";
        };
        PaymentOfOrder: {
            /** @description text without control character NUL */
            status: string;
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            method: string;
        };
        ShipmentOfOrder: {
            /** @description text without control character NUL */
            status: string;
            trackingNumber: string | null;
        };
        /**
         * @example {
         *       "productId": "0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *       "sku": "MUG-1",
         *       "name": "Mug",
         *       "quantity": 2,
         *       "unitPrice": {
         *         "amount": 1299,
         *         "currency": "EUR"
         *       }
         *     }
         */
        OrderLine: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            productId: string;
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            sku: string;
            /** @description text without control character NUL */
            name: string;
            quantity: number;
            unitPrice: components["schemas"]["Money"];
        };
        /**
         * @example {
         *       "accessToken": "eyJhbGciOiJFZERTQSIsImtpZCI6IjEifQ.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
         *       "refreshToken": "aGVsbG8gZnJvbSBhIHJlZnJlc2ggdG9rZW4",
         *       "tokenType": "Bearer",
         *       "expiresIn": 900
         *     }
         */
        Tokens: {
            /** @description text without control character NUL */
            accessToken: string;
            /** @description text without control character NUL */
            refreshToken: string;
            /** @enum {string} */
            tokenType: "Bearer";
            expiresIn: number;
        };
        PublicKeys: {
            keys: components["schemas"]["PublicKey"][];
        };
        /**
         * @example {
         *       "kty": "OKP",
         *       "crv": "Ed25519",
         *       "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
         *       "kid": "k1",
         *       "alg": "EdDSA",
         *       "use": "sig"
         *     }
         */
        PublicKey: {
            /** @enum {string} */
            kty: "OKP";
            /** @enum {string} */
            crv: "Ed25519";
            /** @description text without control character NUL */
            x: string;
            /** @description text without control character NUL */
            kid: string;
            /** @enum {string} */
            alg: "EdDSA";
            /** @enum {string} */
            use: "sig";
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *           "sku": "MUG-1",
         *           "name": "Mug",
         *           "description": "Holds 300 ml.",
         *           "price": {
         *             "amount": 1299,
         *             "currency": "EUR"
         *           },
         *           "categories": [
         *             "kitchen"
         *           ],
         *           "available": 42
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        Products: {
            items: components["schemas"]["Product"][];
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "id": "0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *       "sku": "MUG-1",
         *       "name": "Mug",
         *       "description": "Holds 300 ml.",
         *       "price": {
         *         "amount": 1299,
         *         "currency": "EUR"
         *       },
         *       "categories": [
         *         "kitchen"
         *       ],
         *       "available": 42
         *     }
         */
        Product: {
            available: number;
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            id: string;
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            sku: string;
            /** @description text without control character NUL */
            name: string;
            /** @description text without control character NUL */
            description: string;
            price: components["schemas"]["Money"];
            categories: string[];
        };
        /**
         * @example {
         *       "id": "0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *       "sku": "MUG-1",
         *       "name": "Mug",
         *       "description": "Holds 300 ml.",
         *       "price": {
         *         "amount": 1299,
         *         "currency": "EUR"
         *       },
         *       "categories": [
         *         "kitchen"
         *       ]
         *     }
         */
        ProductDetails: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            id: string;
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            sku: string;
            /** @description text without control character NUL */
            name: string;
            /** @description text without control character NUL */
            description: string;
            price: components["schemas"]["Money"];
            categories: string[];
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "kitchen",
         *           "name": "Kitchen",
         *           "parentId": null
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        Categories: {
            items: components["schemas"]["Category"][];
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "id": "kitchen",
         *       "name": "Kitchen",
         *       "parentId": null
         *     }
         */
        Category: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            id: string;
            /** @description text without control character NUL */
            name: string;
            parentId: string | null;
        };
        /**
         * @example {
         *       "productId": "0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *       "onHand": 44,
         *       "reserved": 2,
         *       "available": 42
         *     }
         */
        Stock: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            productId: string;
            onHand: number;
            reserved: number;
            available: number;
        };
        /**
         * @example {
         *       "productId": "0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *       "quantity": 100,
         *       "reference": "delivery 4711"
         *     }
         */
        Receipt: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            productId: string;
            quantity: number;
            reference: string | null;
        };
        /**
         * @example {
         *       "productId": "0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *       "quantity": -2,
         *       "reason": "broken"
         *     }
         */
        Adjustment: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            productId: string;
            quantity: number;
            /** @description text without control character NUL */
            reason: string;
        };
        /**
         * @example {
         *       "userId": "4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10",
         *       "items": [
         *         {
         *           "productId": "0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *           "quantity": 2,
         *           "name": "Mug",
         *           "price": {
         *             "amount": 1299,
         *             "currency": "EUR"
         *           },
         *           "available": 42
         *         }
         *       ],
         *       "total": {
         *         "amount": 2598,
         *         "currency": "EUR"
         *       }
         *     }
         */
        PricedCart: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            userId: string;
            items: components["schemas"]["PricedItem"][];
            total: components["schemas"]["Money"] | null;
        };
        PricedItem: {
            name: string | null;
            price: components["schemas"]["Money"] | null;
            available: number;
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            productId: string;
            quantity: number;
        };
        /**
         * @example {
         *       "userId": "4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10",
         *       "items": [
         *         {
         *           "productId": "0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *           "quantity": 2
         *         }
         *       ]
         *     }
         */
        Cart: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            userId: string;
            items: components["schemas"]["CartItem"][];
        };
        CartItem: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            productId: string;
            quantity: number;
        };
        /**
         * @example {
         *       "id": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *       "userId": "4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10",
         *       "items": [
         *         {
         *           "productId": "0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *           "sku": "MUG-1",
         *           "name": "Mug",
         *           "quantity": 2,
         *           "unitPrice": {
         *             "amount": 1299,
         *             "currency": "EUR"
         *           }
         *         }
         *       ],
         *       "total": {
         *         "amount": 2598,
         *         "currency": "EUR"
         *       },
         *       "status": "PENDING"
         *     }
         */
        PlacedOrder: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            id: string;
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            userId: string;
            items: components["schemas"]["OrderLine"][];
            total: components["schemas"]["Money"];
            /** @enum {string} */
            status: "PENDING" | "PAID" | "SHIPPED" | "DELIVERED" | "RETURNED" | "REJECTED" | "CANCELLED";
        };
        /**
         * @example {
         *       "workflowId": "order-7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *       "runId": "5a3c9a52-6f5e-4dd8-9a0e-0d8a7d4f1e11",
         *       "type": "orderFulfilment",
         *       "status": "waiting_for_dispatch",
         *       "step": "dispatch",
         *       "attempts": 0,
         *       "pendingCompensations": [],
         *       "url": "http://127.0.0.1:8233/namespaces/default/workflows/order-7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41"
         *     }
         */
        Saga: {
            /** @description text without control character NUL */
            workflowId: string;
            /** @description text without control character NUL */
            runId: string;
            /** @description text without control character NUL */
            type: string;
            status: string | null;
            step: string | null;
            attempts: number | null;
            pendingCompensations: string[] | null;
            /** @description text without control character NUL */
            url: string;
        };
        /**
         * @example {
         *       "orderId": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *       "traceIds": [
         *         "0af7651916cd43dd8448eb211c80319c"
         *       ],
         *       "entries": [
         *         {
         *           "at": "2026-03-14T09:26:53.589Z",
         *           "kind": "saga",
         *           "name": "reserve 0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *           "actor": "(saga)",
         *           "traceId": "0af7651916cd43dd8448eb211c80319c",
         *           "detail": {
         *             "step": "activity",
         *             "activity": "reserveStock",
         *             "outcome": "completed",
         *             "attempts": 1,
         *             "durationMs": 8.4
         *           }
         *         }
         *       ],
         *       "missing": []
         *     }
         */
        Timeline: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            orderId: string;
            traceIds: string[];
            entries: components["schemas"]["TimelineEntry"][];
            missing: ("correlations" | "temporal" | "jaeger" | "projections")[];
        };
        /**
         * @example {
         *       "at": "2026-03-14T09:26:53.589Z",
         *       "kind": "saga",
         *       "name": "reserve 0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *       "actor": "(saga)",
         *       "traceId": "0af7651916cd43dd8448eb211c80319c",
         *       "detail": {
         *         "step": "activity",
         *         "activity": "reserveStock",
         *         "outcome": "completed",
         *         "attempts": 1,
         *         "durationMs": 8.4
         *       }
         *     }
         */
        TimelineEntry: {
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            kind: "command" | "event" | "payment" | "projection" | "saga" | "span";
            /** @description text without control character NUL */
            name: string;
            /** @description text without control character NUL */
            actor?: string;
            /** @description text without control character NUL */
            traceId?: string;
            detail: {
                [key: string]: unknown;
            };
        };
        /**
         * @example {
         *       "orderId": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *       "status": "CAPTURED",
         *       "method": "pm_ok",
         *       "authorised": {
         *         "amount": 2598,
         *         "currency": "EUR"
         *       },
         *       "captured": {
         *         "amount": 2598,
         *         "currency": "EUR"
         *       },
         *       "refunded": {
         *         "amount": 0,
         *         "currency": "EUR"
         *       },
         *       "attempts": [
         *         {
         *           "method": "pm_ok",
         *           "outcome": "authorised",
         *           "at": "2026-03-14T09:26:53.589Z"
         *         }
         *       ]
         *     }
         */
        Payment: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            orderId: string;
            /** @enum {string} */
            status: "PENDING" | "AUTHORISED" | "DECLINED" | "CAPTURED" | "CAPTURE_REFUSED" | "VOIDED" | "PARTIALLY_REFUNDED" | "REFUNDED";
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            method: string;
            authorised: components["schemas"]["Money"];
            captured: components["schemas"]["Money"];
            refunded: components["schemas"]["Money"];
            attempts: components["schemas"]["PaymentAttempt"][];
        };
        PaymentAttempt: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            method: string;
            /** @enum {string} */
            outcome: "requested" | "authorised" | "declined";
            /** Format: date-time */
            at: string;
        };
        /**
         * @example {
         *       "orderId": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *       "status": "DISPATCHED",
         *       "carrier": "Parcel Express",
         *       "trackingNumber": "PX-20440",
         *       "tracking": [
         *         {
         *           "at": "2026-03-14T09:26:53.589Z",
         *           "status": "IN_TRANSIT",
         *           "location": "Leipzig",
         *           "note": null
         *         }
         *       ]
         *     }
         */
        Shipment: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            orderId: string;
            /** @enum {string} */
            status: "CREATED" | "DISPATCHING" | "DISPATCHED" | "DELIVERED" | "RETURNED";
            carrier: string | null;
            trackingNumber: string | null;
            tracking: components["schemas"]["TrackingEntry"][];
        };
        TrackingEntry: {
            /** Format: date-time */
            at: string;
            /** @description text without control character NUL */
            status: string;
            location: string | null;
            note: string | null;
        };
        /**
         * @example {
         *       "orderId": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *       "status": "IN_TRANSIT",
         *       "location": "Leipzig",
         *       "note": null
         *     }
         */
        Tracking: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            orderId: string;
            /** @description text without control character NUL */
            status: string;
            location: string | null;
            note: string | null;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "2f0e1d3c-5b6a-5978-8c9d-0e1f2a3b4c5d",
         *           "channel": "email",
         *           "template": "order_confirmed",
         *           "orderId": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *           "facts": {
         *             "total": "EUR 25.98"
         *           },
         *           "status": "SENT",
         *           "requestedAt": "2026-03-14T09:26:53.589Z",
         *           "sentAt": "2026-03-14T09:26:53.589Z"
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        Notifications: {
            items: components["schemas"]["Notification"][];
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "id": "2f0e1d3c-5b6a-5978-8c9d-0e1f2a3b4c5d",
         *       "channel": "email",
         *       "template": "order_confirmed",
         *       "orderId": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *       "facts": {
         *         "total": "EUR 25.98"
         *       },
         *       "status": "SENT",
         *       "requestedAt": "2026-03-14T09:26:53.589Z",
         *       "sentAt": "2026-03-14T09:26:53.589Z"
         *     }
         */
        Notification: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            id: string;
            /** @enum {string} */
            channel: "email" | "sms";
            /** @description text without control character NUL */
            template: string;
            orderId: string | null;
            facts: {
                [key: string]: string;
            };
            /** @enum {string} */
            status: "REQUESTED" | "SENT" | "FAILED";
            /** Format: date-time */
            requestedAt: string;
            sentAt: string | null;
        };
        /**
         * @example {
         *       "products": [
         *         {
         *           "id": "0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *           "sku": "MUG-1",
         *           "name": "Mug",
         *           "description": "Holds 300 ml.",
         *           "price": {
         *             "amount": 1299,
         *             "currency": "EUR"
         *           },
         *           "categories": [
         *             "kitchen"
         *           ],
         *           "available": 42
         *         }
         *       ],
         *       "categories": [
         *         {
         *           "id": "kitchen",
         *           "name": "Kitchen",
         *           "parentId": null
         *         }
         *       ],
         *       "cart": null,
         *       "orders": [
         *         {
         *           "id": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *           "userId": "4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10",
         *           "items": [
         *             {
         *               "productId": "0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *               "sku": "MUG-1",
         *               "name": "Mug",
         *               "quantity": 2,
         *               "unitPrice": {
         *                 "amount": 1299,
         *                 "currency": "EUR"
         *               }
         *             }
         *           ],
         *           "total": {
         *             "amount": 2598,
         *             "currency": "EUR"
         *           },
         *           "status": "SHIPPED",
         *           "statusReason": null,
         *           "payment": {
         *             "status": "CAPTURED",
         *             "method": "pm_ok"
         *           },
         *           "shipment": {
         *             "status": "DISPATCHED",
         *             "trackingNumber": "PX-20440"
         *           },
         *           "placedAt": "2026-03-14T09:26:53.589Z",
         *           "updatedAt": "2026-03-14T09:26:53.589Z",
         *           "version": 4
         *         }
         *       ],
         *       "notifications": [],
         *       "notes": [
         *         {
         *           "part": "cart",
         *           "code": "service.unavailable",
         *           "detail": "MongoDB cannot be reached; try again soon"
         *         }
         *       ]
         *     }
         */
        WebHome: {
            products: components["schemas"]["Product"][] | null;
            categories: components["schemas"]["Category"][] | null;
            cart: components["schemas"]["PricedCart"] | null;
            orders: components["schemas"]["Order"][] | null;
            notifications: components["schemas"]["Notification"][] | null;
            notes: components["schemas"]["Note"][];
        };
        Note: {
            /** @description text without control character NUL */
            part: string;
            /** @description text without control character NUL */
            code: string;
            /** @description text without control character NUL */
            detail: string;
        };
        /**
         * @example {
         *       "products": [
         *         {
         *           "id": "0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *           "name": "Mug",
         *           "price": {
         *             "amount": 1299,
         *             "currency": "EUR"
         *           },
         *           "available": 42
         *         }
         *       ],
         *       "cart": {
         *         "pieces": 2,
         *         "total": {
         *           "amount": 2598,
         *           "currency": "EUR"
         *         }
         *       },
         *       "orders": [
         *         {
         *           "id": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *           "status": "SHIPPED",
         *           "total": {
         *             "amount": 2598,
         *             "currency": "EUR"
         *           }
         *         }
         *       ],
         *       "notes": []
         *     }
         */
        MobileHome: {
            products: components["schemas"]["ProductCard"][] | null;
            cart: components["schemas"]["CartSummary"] | null;
            orders: components["schemas"]["OrderCard"][] | null;
            notes: components["schemas"]["Note"][];
        };
        ProductCard: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            id: string;
            /** @description text without control character NUL */
            name: string;
            price: components["schemas"]["Money"];
            available: number;
        };
        CartSummary: {
            pieces: number;
            total: components["schemas"]["Money"] | null;
        };
        OrderCard: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            id: string;
            /** @enum {string} */
            status: "PENDING" | "PAID" | "SHIPPED" | "DELIVERED" | "RETURNED" | "REJECTED" | "CANCELLED";
            total: components["schemas"]["Money"];
        };
        /**
         * @example {
         *       "order": {
         *         "id": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *         "userId": "4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10",
         *         "items": [
         *           {
         *             "productId": "0d9f5c4e-1f0a-5b7c-8a52-3e1f4c2b9d77",
         *             "sku": "MUG-1",
         *             "name": "Mug",
         *             "quantity": 2,
         *             "unitPrice": {
         *               "amount": 1299,
         *               "currency": "EUR"
         *             }
         *           }
         *         ],
         *         "total": {
         *           "amount": 2598,
         *           "currency": "EUR"
         *         },
         *         "status": "SHIPPED",
         *         "statusReason": null,
         *         "payment": {
         *           "status": "CAPTURED",
         *           "method": "pm_ok"
         *         },
         *         "shipment": {
         *           "status": "DISPATCHED",
         *           "trackingNumber": "PX-20440"
         *         },
         *         "placedAt": "2026-03-14T09:26:53.589Z",
         *         "updatedAt": "2026-03-14T09:26:53.589Z",
         *         "version": 4
         *       },
         *       "payment": null,
         *       "shipment": null,
         *       "notes": []
         *     }
         */
        OrderScreen: {
            order: components["schemas"]["Order"] | null;
            payment: components["schemas"]["Payment"] | null;
            shipment: components["schemas"]["Shipment"] | null;
            notes: components["schemas"]["Note"][];
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "name": "orders",
         *           "store": "postgres",
         *           "categories": [
         *             "order"
         *           ],
         *           "version": 3,
         *           "state": "live",
         *           "position": "41093",
         *           "lagEvents": 0,
         *           "lagSeconds": 0,
         *           "rate": 12.5,
         *           "parkedKeys": 0,
         *           "canRollBack": false
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        Projections: {
            items: components["schemas"]["Projection"][];
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "name": "orders",
         *       "store": "postgres",
         *       "categories": [
         *         "order"
         *       ],
         *       "version": 3,
         *       "state": "live",
         *       "position": "41093",
         *       "lagEvents": 0,
         *       "lagSeconds": 0,
         *       "rate": 12.5,
         *       "parkedKeys": 0,
         *       "canRollBack": false
         *     }
         */
        Projection: {
            /** @description text without control character NUL */
            name: string;
            /** @enum {string} */
            store: "postgres" | "mongodb";
            categories: string[];
            version: number;
            /** @enum {string} */
            state: "live" | "catching_up" | "rebuilding" | "stopped";
            position: string | null;
            lagEvents: number;
            lagSeconds: number;
            rate: number;
            parkedKeys: number;
            canRollBack: boolean;
            progress?: components["schemas"]["BuildProgress"];
        };
        BuildProgress: {
            version: number;
            position: string | null;
            fraction: number | null;
            secondsLeft: number | null;
            rate: number;
            isReady: boolean;
            switches: boolean;
            comparison: components["schemas"]["Comparison"] | null;
        };
        Comparison: {
            position: string;
            isEqual: boolean;
            rows: components["schemas"]["RowCounts"];
            checksums: components["schemas"]["Checksums"];
            leftOut: number;
        };
        RowCounts: {
            live: number;
            aside: number;
        };
        Checksums: {
            /** @description text without control character NUL */
            live: string;
            /** @description text without control character NUL */
            aside: string;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "position": "40112",
         *           "key": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *           "stream": "order-7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *           "revision": 3,
         *           "eventId": "5b0c1d2e-3f4a-5b6c-8d7e-9f0a1b2c3d4e",
         *           "type": "OrderPaid",
         *           "error": "TypeError",
         *           "parkedAt": "2026-03-14T09:26:53.589Z",
         *           "request": null
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        ParkedEvents: {
            items: components["schemas"]["ParkedEvent"][];
            nextCursor: string | null;
        };
        ParkedEvent: {
            position: string;
            /** @description text without control character NUL */
            key: string;
            /** @description text without control character NUL */
            stream: string;
            revision: number;
            /** @description text without control character NUL */
            eventId: string;
            /** @description text without control character NUL */
            type: string;
            /** @description text without control character NUL */
            error: string;
            /** Format: date-time */
            parkedAt: string;
            request: ("retry" | "discard") | null;
        };
        /**
         * @example {
         *       "key": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *       "request": "retry"
         *     }
         */
        ParkedRequest: {
            /** @description text without control character NUL */
            key: string;
            /** @enum {string} */
            request: "retry" | "discard";
        };
        Streams: {
            items: components["schemas"]["Stream"][];
            nextCursor: string | null;
        };
        Stream: {
            /** @description text without control character NUL */
            stream: string;
            lastRevision: number;
        };
        StreamEvents: {
            items: components["schemas"]["StoredEvent"][];
            nextCursor: string | null;
            previousCursor: string | null;
        };
        /**
         * @example {
         *       "position": "4711",
         *       "stream": "order-7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *       "revision": 0,
         *       "id": "3c0ad1c2-5a53-5a55-8e0f-5a2b7b1c9f11",
         *       "type": "OrderShipped",
         *       "data": {
         *         "orderId": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41"
         *       },
         *       "metadata": {
         *         "actor": "4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10"
         *       },
         *       "created": "2026-01-31T09:30:00.000Z"
         *     }
         */
        StoredEvent: {
            position: string | null;
            /** @description text without control character NUL */
            stream: string;
            revision: number;
            /** @description text without control character NUL */
            id: string;
            /** @description text without control character NUL */
            type: string;
            data: {
                [key: string]: unknown;
            };
            metadata: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            created: string;
        };
        /**
         * @example {
         *       "stream": "order-7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *       "revision": 1,
         *       "at": "2026-01-31T09:30:00.000Z",
         *       "state": {
         *         "status": "PAID",
         *         "orderId": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41"
         *       }
         *     }
         */
        PastState: {
            /** @description text without control character NUL */
            stream: string;
            revision: number;
            /** Format: date-time */
            at: string;
            state: {
                [key: string]: unknown;
            };
        };
        /**
         * @example {
         *       "stream": "order-7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *       "from": {
         *         "revision": 0,
         *         "at": "2026-01-31T09:30:00.000Z"
         *       },
         *       "to": {
         *         "revision": 1,
         *         "at": "2026-01-31T09:30:00.000Z"
         *       },
         *       "changes": [
         *         {
         *           "path": "/status",
         *           "before": "PENDING",
         *           "after": "PAID"
         *         }
         *       ]
         *     }
         */
        Difference: {
            /** @description text without control character NUL */
            stream: string;
            from: components["schemas"]["PastPoint"];
            to: components["schemas"]["PastPoint"];
            changes: components["schemas"]["Change"][];
        };
        PastPoint: {
            revision: number;
            /** Format: date-time */
            at: string;
        };
        Change: {
            /** @description text without control character NUL */
            path: string;
            before?: unknown;
            after?: unknown;
        };
        Correlation: {
            /** @description 1 to 128 letters, digits, dots, underscores, colons or hyphens */
            correlationId: string;
            events: number;
            roots: components["schemas"]["CausedEvent"][];
        };
        CausedEvent: {
            event: components["schemas"]["StoredEvent"];
            causes: components["schemas"]["CausedEvent"][];
        };
        /**
         * @example {
         *       "id": "6f1f0a52-6a0e-4c1c-9d3c-0b8f5c1d2e3f",
         *       "view": "orders",
         *       "at": "2026-01-31T09:30:00.000Z",
         *       "position": "4711",
         *       "state": "done",
         *       "progress": {
         *         "done": 4711,
         *         "total": 4711
         *       },
         *       "rows": 120,
         *       "checksum": "845512340091",
         *       "parkedKeys": 0,
         *       "difference": {
         *         "added": 0,
         *         "missing": 3,
         *         "changed": 1,
         *         "keys": [
         *           "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41"
         *         ]
         *       }
         *     }
         */
        Replay: {
            /** @description text without control character NUL */
            id: string;
            /** @description text without control character NUL */
            view: string;
            /** @description text without control character NUL */
            at: string;
            position: string | null;
            /** @enum {string} */
            state: "running" | "done" | "failed";
            progress: components["schemas"]["ReplayProgress"];
            rows: number | null;
            checksum: string | null;
            parkedKeys: number | null;
            difference: components["schemas"]["ReplayDifference"] | null;
        };
        ReplayProgress: {
            done: number;
            total: number;
        };
        ReplayDifference: {
            added: number;
            missing: number;
            changed: number;
            keys: string[];
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "6f1f0a52-6a0e-4c1c-9d3c-0b8f5c1d2e3f",
         *           "view": "orders",
         *           "at": "2026-01-31T09:30:00.000Z",
         *           "position": "4711",
         *           "state": "done",
         *           "progress": {
         *             "done": 4711,
         *             "total": 4711
         *           },
         *           "rows": 120,
         *           "checksum": "845512340091",
         *           "parkedKeys": 0,
         *           "difference": {
         *             "added": 0,
         *             "missing": 3,
         *             "changed": 1,
         *             "keys": [
         *               "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41"
         *             ]
         *           }
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        Replays: {
            items: components["schemas"]["Replay"][];
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "key": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *           "row": {
         *             "id": "7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *             "status": "PAID"
         *           },
         *           "position": "4700"
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        ReplayedRows: {
            items: components["schemas"]["ReplayedRow"][];
            nextCursor: string | null;
        };
        ReplayedRow: {
            /** @description text without control character NUL */
            key: string;
            row: {
                [key: string]: unknown;
            };
            position: string;
        };
        /**
         * @example {
         *       "id": "9a3b7c1d-2e4f-4a6b-8c0d-1e2f3a4b5c6d",
         *       "state": "running",
         *       "progress": {
         *         "done": 40000,
         *         "total": 81205
         *       },
         *       "through": "81204",
         *       "checkpoint": "evermart/audit\n81205\nq1Yh0f0m2bXlZ0Hq0zY5Jr8m7oG3x2kP4sW6tV9uB1c=\nposition 81204\ntime 2026-03-14T09:26:50.000Z\n\n— evermart/audit Zm9vYmFyYmF6cXV4\n"
         *     }
         */
        Verification: {
            /** @description text without control character NUL */
            id: string;
            /** @enum {string} */
            state: "running" | "done" | "failed";
            progress: components["schemas"]["VerificationProgress"];
            intact?: boolean;
            through?: string;
            /** @description text without control character NUL */
            checkpoint?: string;
            firstDifference?: components["schemas"]["FirstDifference"];
            /** @enum {string} */
            failure?: "checkpoints_unreachable" | "internal_error";
            /** Format: date-time */
            completedAt?: string;
        };
        VerificationProgress: {
            done: number;
            total: number;
        };
        FirstDifference: {
            position: string;
            stream: string | null;
            revision: number | null;
            /** @enum {string} */
            kind: "changed" | "removed" | "inserted" | "reordered" | "index" | "checkpoint";
        };
        /**
         * @example {
         *       "id": "9a3b7c1d-2e4f-4a6b-8c0d-1e2f3a4b5c6d",
         *       "intact": true,
         *       "through": "81204",
         *       "checkpoint": "evermart/audit\n81205\nq1Yh0f0m2bXlZ0Hq0zY5Jr8m7oG3x2kP4sW6tV9uB1c=\nposition 81204\ntime 2026-03-14T09:26:50.000Z\n\n— evermart/audit Zm9vYmFyYmF6cXV4\n",
         *       "completedAt": "2026-03-14T09:26:53.589Z"
         *     }
         */
        CompletedVerification: {
            /** @description text without control character NUL */
            id: string;
            intact: boolean;
            through: string | null;
            checkpoint: string | null;
            firstDifference?: components["schemas"]["FirstDifference"];
            /** Format: date-time */
            completedAt: string;
        };
        /**
         * @example {
         *       "position": "4711",
         *       "stream": "order-7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41",
         *       "revision": 0,
         *       "index": 4710,
         *       "size": 81205,
         *       "event": "{\"contentType\":\"application/json\",\"created\":1769851800123,\"data\":{\"orderId\":\"7b1e9d02-6c34-5a8f-b0d5-2c9e8f7a6b41\"},…}",
         *       "digest": "q1Yh0f0m2bXlZ0Hq0zY5Jr8m7oG3x2kP4sW6tV9uB1c=",
         *       "hashes": [
         *         "q1Yh0f0m2bXlZ0Hq0zY5Jr8m7oG3x2kP4sW6tV9uB1c="
         *       ],
         *       "checkpoint": "evermart/audit\n81205\nq1Yh0f0m2bXlZ0Hq0zY5Jr8m7oG3x2kP4sW6tV9uB1c=\nposition 81204\ntime 2026-03-14T09:26:50.000Z\n\n— evermart/audit Zm9vYmFyYmF6cXV4\n"
         *     }
         */
        Proof: {
            position: string;
            /** @description text without control character NUL */
            stream: string;
            revision: number;
            event: string | null;
            /** @description a hash of SHA-256 in base64 */
            digest: string;
            index: number;
            size: number;
            hashes: string[];
            /** @description text without control character NUL */
            checkpoint: string;
        };
        /**
         * @example {
         *       "from": 81000,
         *       "to": 81205,
         *       "hashes": [
         *         "q1Yh0f0m2bXlZ0Hq0zY5Jr8m7oG3x2kP4sW6tV9uB1c="
         *       ]
         *     }
         */
        Consistency: {
            hashes: string[];
            from: number;
            to: number;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "size": 81205,
         *           "position": "81204",
         *           "checkpoint": "evermart/audit\n81205\nq1Yh0f0m2bXlZ0Hq0zY5Jr8m7oG3x2kP4sW6tV9uB1c=\nposition 81204\ntime 2026-03-14T09:26:50.000Z\n\n— evermart/audit Zm9vYmFyYmF6cXV4\n",
         *           "madeAt": "2026-03-14T09:26:50.000Z"
         *         }
         *       ],
         *       "nextCursor": null,
         *       "publicKey": "-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----\n"
         *     }
         */
        Checkpoints: {
            items: components["schemas"]["Checkpoint"][];
            nextCursor: string | null;
            publicKey: string | null;
        };
        Checkpoint: {
            size: number;
            position: string;
            /** @description text without control character NUL */
            checkpoint: string;
            /** Format: date-time */
            madeAt: string;
        };
        /**
         * @example {
         *       "status": "ok",
         *       "service": "gateway",
         *       "version": "0.1.0",
         *       "uptime": 4711.5,
         *       "memory": {
         *         "rss": 214958080,
         *         "heapTotal": 88080384,
         *         "heapUsed": 71303168
         *       },
         *       "cpu": {
         *         "user": 12.5,
         *         "system": 1.5
         *       },
         *       "timestamp": "2026-03-14T09:26:53.589Z",
         *       "dependencies": {
         *         "event-store": "up",
         *         "postgres": "up",
         *         "mongodb": "up",
         *         "temporal": "up"
         *       }
         *     }
         */
        Health: {
            /** @enum {string} */
            status: "ok" | "degraded";
            /** @description text without control character NUL */
            service: string;
            /** @description text without control character NUL */
            version: string;
            uptime: number;
            memory: components["schemas"]["Memory"];
            cpu: components["schemas"]["Cpu"];
            /** Format: date-time */
            timestamp: string;
            dependencies: {
                [key: string]: "up" | "down";
            };
        };
        Memory: {
            rss: number;
            heapTotal: number;
            heapUsed: number;
        };
        Cpu: {
            user: number;
            system: number;
        };
        /**
         * @example {
         *       "status": "ready",
         *       "dependencies": {
         *         "event-store": "up",
         *         "postgres": "up",
         *         "first-account": "up"
         *       }
         *     }
         */
        Readiness: {
            /** @enum {string} */
            status: "ready" | "waiting";
            dependencies: {
                [key: string]: "up" | "down";
            };
        };
    };
    responses: {
        /** @description `request.malformed`: The request is not HTTP; `request.too_deep`: The body is nested too deep; `request.malformed_json`: The body is not JSON; `request.invalid`: The request has wrong fields; `idempotency.invalid_key`: The idempotency key is not valid; `command.invalid`: The command has wrong fields */
        "400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 400;
                    /** @enum {unknown} */
                    code?: "request.malformed" | "request.too_deep" | "request.malformed_json" | "request.invalid" | "idempotency.invalid_key" | "command.invalid";
                };
            };
        };
        /** @description `request.timeout`: The request took too long to arrive */
        "408-request.timeout": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 408;
                    /** @enum {unknown} */
                    code?: "request.timeout";
                };
            };
        };
        /** @description `request.target_too_long`: The address is too long */
        "414-request.target_too_long": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 414;
                    /** @enum {unknown} */
                    code?: "request.target_too_long";
                };
            };
        };
        /** @description `request.headers_too_large`: The headers are too large or too many */
        "431-request.headers_too_large": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 431;
                    /** @enum {unknown} */
                    code?: "request.headers_too_large";
                };
            };
        };
        /** @description `rate.limited`: Too many requests */
        "429-rate.limited": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                "Retry-After": components["headers"]["Retry-After"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 429;
                    /** @enum {unknown} */
                    code?: "rate.limited";
                };
            };
        };
        /** @description `gateway.overloaded`: The platform has too much to do; `service.unavailable`: A part of the platform is away */
        "503-gateway.overloaded-service.unavailable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 503;
                    /** @enum {unknown} */
                    code?: "gateway.overloaded" | "service.unavailable";
                };
            };
        };
        /** @description `request.unsupported_media_type`: The body must be application/json */
        "415-request.unsupported_media_type": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 415;
                    /** @enum {unknown} */
                    code?: "request.unsupported_media_type";
                };
            };
        };
        /** @description `request.too_large`: The body is too large */
        "413-request.too_large": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 413;
                    /** @enum {unknown} */
                    code?: "request.too_large";
                };
            };
        };
        /** @description `idempotency.mismatch`: The idempotency key was used with another body */
        "422-idempotency.mismatch": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 422;
                    /** @enum {unknown} */
                    code?: "idempotency.mismatch";
                };
            };
        };
        /** @description `command.conflict`: Too many changes at once; `user.email_taken`: The email is taken; `user.already_registered`: The user is already registered; `user.registration_abandoned`: The registration took too long and was given up */
        "409-command.conflict-user.email_taken-user.already_registered-user.registration_abandoned": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "command.conflict" | "user.email_taken" | "user.already_registered" | "user.registration_abandoned";
                };
            };
        };
        /** @description `service.timeout`: A part of the platform took too long */
        "504-service.timeout": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 504;
                    /** @enum {unknown} */
                    code?: "service.timeout";
                };
            };
        };
        /** @description `internal.error`: Something went wrong on our side */
        "500-internal.error": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 500;
                    /** @enum {unknown} */
                    code?: "internal.error";
                };
            };
        };
        /** @description `auth.missing_token`: An access token is needed; `auth.invalid_token`: The access token is not valid; `auth.expired_token`: The access token has expired; `auth.revoked_token`: The session has ended */
        "401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 401;
                    /** @enum {unknown} */
                    code?: "auth.missing_token" | "auth.invalid_token" | "auth.expired_token" | "auth.revoked_token";
                };
            };
        };
        /** @description `route.not_found`: There is nothing at this address; `user.not_found`: No such user */
        "404-route.not_found-user.not_found": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "route.not_found" | "user.not_found";
                };
            };
        };
        /** @description `command.conflict`: Too many changes at once; `user.email_taken`: The email is taken; `user.change_abandoned`: The change of address took too long and was given up */
        "409-command.conflict-user.email_taken-user.change_abandoned": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "command.conflict" | "user.email_taken" | "user.change_abandoned";
                };
            };
        };
        /** @description `auth.forbidden`: Your roles do not allow this */
        "403-auth.forbidden": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 403;
                    /** @enum {unknown} */
                    code?: "auth.forbidden";
                };
            };
        };
        /** @description `command.conflict`: Too many changes at once */
        "409-command.conflict": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "command.conflict";
                };
            };
        };
        /** @description `request.malformed`: The request is not HTTP; `idempotency.invalid_key`: The idempotency key is not valid; `command.invalid`: The command has wrong fields */
        "400-request.malformed-idempotency.invalid_key-command.invalid": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 400;
                    /** @enum {unknown} */
                    code?: "request.malformed" | "idempotency.invalid_key" | "command.invalid";
                };
            };
        };
        /** @description `gateway.overloaded`: The platform has too much to do; `view.behind`: The view has not caught up yet; `service.unavailable`: A part of the platform is away */
        "503-gateway.overloaded-view.behind-service.unavailable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 503;
                    /** @enum {unknown} */
                    code?: "gateway.overloaded" | "view.behind" | "service.unavailable";
                };
            };
        };
        /** @description `command.conflict`: Too many changes at once; `user.has_open_orders`: Orders of the user are still under way; `user.erasure_withdrawn`: The erasure took too long and was given up */
        "409-command.conflict-user.has_open_orders-user.erasure_withdrawn": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "command.conflict" | "user.has_open_orders" | "user.erasure_withdrawn";
                };
            };
        };
        /** @description `request.malformed`: The request is not HTTP; `request.invalid`: The request has wrong fields; `request.invalid_token`: A consistency token is not one of ours; `request.invalid_cursor`: The cursor is not one of ours */
        "400-request.malformed-request.invalid-request.invalid_token-request.invalid_cursor": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 400;
                    /** @enum {unknown} */
                    code?: "request.malformed" | "request.invalid" | "request.invalid_token" | "request.invalid_cursor";
                };
            };
        };
        /** @description `gateway.overloaded`: The platform has too much to do; `view.behind`: The view has not caught up yet; `view.parked`: An event of this waits to be mended; `service.unavailable`: A part of the platform is away */
        "503-gateway.overloaded-view.behind-view.parked-service.unavailable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 503;
                    /** @enum {unknown} */
                    code?: "gateway.overloaded" | "view.behind" | "view.parked" | "service.unavailable";
                };
            };
        };
        /** @description `request.malformed`: The request is not HTTP; `request.invalid_token`: A consistency token is not one of ours */
        "400-request.malformed-request.invalid_token": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 400;
                    /** @enum {unknown} */
                    code?: "request.malformed" | "request.invalid_token";
                };
            };
        };
        /** @description `request.malformed`: The request is not HTTP; `request.too_deep`: The body is nested too deep; `request.malformed_json`: The body is not JSON; `request.invalid`: The request has wrong fields */
        "400-request.malformed-request.too_deep-request.malformed_json-request.invalid": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 400;
                    /** @enum {unknown} */
                    code?: "request.malformed" | "request.too_deep" | "request.malformed_json" | "request.invalid";
                };
            };
        };
        /** @description `rate.limited`: Too many requests; `auth.too_many_attempts`: Too many attempts to sign in */
        "429-rate.limited-auth.too_many_attempts": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                "Retry-After": components["headers"]["Retry-After"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 429;
                    /** @enum {unknown} */
                    code?: "rate.limited" | "auth.too_many_attempts";
                };
            };
        };
        /** @description `auth.bad_credentials`: Email or password is wrong */
        "401-auth.bad_credentials": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 401;
                    /** @enum {unknown} */
                    code?: "auth.bad_credentials";
                };
            };
        };
        /** @description `auth.invalid_token`: The access token is not valid */
        "401-auth.invalid_token": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 401;
                    /** @enum {unknown} */
                    code?: "auth.invalid_token";
                };
            };
        };
        /** @description `request.malformed`: The request is not HTTP */
        "400-request.malformed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 400;
                    /** @enum {unknown} */
                    code?: "request.malformed";
                };
            };
        };
        /** @description `route.not_found`: There is nothing at this address; `product.not_found`: No such product */
        "404-route.not_found-product.not_found": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "route.not_found" | "product.not_found";
                };
            };
        };
        /** @description `command.conflict`: Too many changes at once; `product.sku_taken`: The SKU is taken; `product.already_added`: The product exists */
        "409-command.conflict-product.sku_taken-product.already_added": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "command.conflict" | "product.sku_taken" | "product.already_added";
                };
            };
        };
        /** @description `command.conflict`: Too many changes at once; `product.sku_taken`: The SKU is taken; `product.discontinued`: The product is discontinued; `product.change_abandoned`: The change of SKU took too long and was given up */
        "409-command.conflict-product.sku_taken-product.discontinued-product.change_abandoned": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "command.conflict" | "product.sku_taken" | "product.discontinued" | "product.change_abandoned";
                };
            };
        };
        /** @description `idempotency.mismatch`: The idempotency key was used with another body; `category.unknown_parent`: The parent category does not exist */
        "422-idempotency.mismatch-category.unknown_parent": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 422;
                    /** @enum {unknown} */
                    code?: "idempotency.mismatch" | "category.unknown_parent";
                };
            };
        };
        /** @description `command.conflict`: Too many changes at once; `category.already_added`: The category exists */
        "409-command.conflict-category.already_added": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "command.conflict" | "category.already_added";
                };
            };
        };
        /** @description `idempotency.mismatch`: The idempotency key was used with another body; `stock.too_large`: The stock would be too large */
        "422-idempotency.mismatch-stock.too_large": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 422;
                    /** @enum {unknown} */
                    code?: "idempotency.mismatch" | "stock.too_large";
                };
            };
        };
        /** @description `command.conflict`: Too many changes at once; `stock.out_of_stock`: Not enough in stock */
        "409-command.conflict-stock.out_of_stock": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "command.conflict" | "stock.out_of_stock";
                };
            };
        };
        /** @description `request.malformed`: The request is not HTTP; `request.too_deep`: The body is nested too deep; `request.malformed_json`: The body is not JSON; `request.invalid`: The request has wrong fields; `idempotency.invalid_key`: The idempotency key is not valid; `command.invalid`: The command has wrong fields; `order.unknown_user`: No such user */
        "400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid-order.unknown_user": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 400;
                    /** @enum {unknown} */
                    code?: "request.malformed" | "request.too_deep" | "request.malformed_json" | "request.invalid" | "idempotency.invalid_key" | "command.invalid" | "order.unknown_user";
                };
            };
        };
        /** @description `route.not_found`: There is nothing at this address */
        "404-route.not_found": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "route.not_found";
                };
            };
        };
        /** @description `idempotency.mismatch`: The idempotency key was used with another body; `cart.unknown_product`: The product is unknown or discontinued; `cart.too_many_lines`: The cart has too many lines */
        "422-idempotency.mismatch-cart.unknown_product-cart.too_many_lines": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 422;
                    /** @enum {unknown} */
                    code?: "idempotency.mismatch" | "cart.unknown_product" | "cart.too_many_lines";
                };
            };
        };
        /** @description `idempotency.mismatch`: The idempotency key was used with another body; `cart.unknown_product`: The product is unknown or discontinued; `order.unknown_product`: An ordered product is unknown or discontinued; `order.empty`: The order has no lines; `money.currency_mismatch`: The currencies differ; `money.too_large`: The amount is too large */
        "422-idempotency.mismatch-cart.unknown_product-order.unknown_product-order.empty-money.currency_mismatch-money.too_large": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 422;
                    /** @enum {unknown} */
                    code?: "idempotency.mismatch" | "cart.unknown_product" | "order.unknown_product" | "order.empty" | "money.currency_mismatch" | "money.too_large";
                };
            };
        };
        /** @description `command.conflict`: Too many changes at once; `cart.empty`: The cart is empty; `cart.no_checkout`: There is no such checkout; `cart.too_many_checkouts`: Too many checkouts are yet to become orders; `order.placement_abandoned`: The order was refused and given up */
        "409-command.conflict-cart.empty-cart.no_checkout-cart.too_many_checkouts-order.placement_abandoned": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "command.conflict" | "cart.empty" | "cart.no_checkout" | "cart.too_many_checkouts" | "order.placement_abandoned";
                };
            };
        };
        /** @description `idempotency.mismatch`: The idempotency key was used with another body; `order.unknown_product`: An ordered product is unknown or discontinued; `order.empty`: The order has no lines; `money.currency_mismatch`: The currencies differ; `money.too_large`: The amount is too large */
        "422-idempotency.mismatch-order.unknown_product-order.empty-money.currency_mismatch-money.too_large": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 422;
                    /** @enum {unknown} */
                    code?: "idempotency.mismatch" | "order.unknown_product" | "order.empty" | "money.currency_mismatch" | "money.too_large";
                };
            };
        };
        /** @description `command.conflict`: Too many changes at once; `order.placement_abandoned`: The order was refused and given up */
        "409-command.conflict-order.placement_abandoned": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "command.conflict" | "order.placement_abandoned";
                };
            };
        };
        /** @description `route.not_found`: There is nothing at this address; `order.not_found`: No such order */
        "404-route.not_found-order.not_found": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "route.not_found" | "order.not_found";
                };
            };
        };
        /** @description `command.conflict`: Too many changes at once; `order.not_cancellable`: The order can no longer be cancelled */
        "409-command.conflict-order.not_cancellable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "command.conflict" | "order.not_cancellable";
                };
            };
        };
        /** @description `command.conflict`: Too many changes at once; `order.not_returnable`: The order cannot be returned now; `order.illegal_transition`: The order does not allow this now */
        "409-command.conflict-order.not_returnable-order.illegal_transition": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "command.conflict" | "order.not_returnable" | "order.illegal_transition";
                };
            };
        };
        /** @description `route.not_found`: There is nothing at this address; `order.not_found`: No such order; `shipment.not_found`: No such shipment */
        "404-route.not_found-order.not_found-shipment.not_found": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "route.not_found" | "order.not_found" | "shipment.not_found";
                };
            };
        };
        /** @description `command.conflict`: Too many changes at once; `order.illegal_transition`: The order does not allow this now; `order.not_cancellable`: The order can no longer be cancelled; `shipment.illegal_transition`: The shipment does not allow this now */
        "409-command.conflict-order.illegal_transition-order.not_cancellable-shipment.illegal_transition": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "command.conflict" | "order.illegal_transition" | "order.not_cancellable" | "shipment.illegal_transition";
                };
            };
        };
        /** @description `command.conflict`: Too many changes at once; `order.illegal_transition`: The order does not allow this now */
        "409-command.conflict-order.illegal_transition": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "command.conflict" | "order.illegal_transition";
                };
            };
        };
        /** @description `request.malformed`: The request is not HTTP; `request.invalid`: The request has wrong fields; `request.invalid_token`: A consistency token is not one of ours */
        "400-request.malformed-request.invalid-request.invalid_token": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 400;
                    /** @enum {unknown} */
                    code?: "request.malformed" | "request.invalid" | "request.invalid_token";
                };
            };
        };
        /** @description `request.malformed`: The request is not HTTP; `request.invalid`: The request has wrong fields */
        "400-request.malformed-request.invalid": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 400;
                    /** @enum {unknown} */
                    code?: "request.malformed" | "request.invalid";
                };
            };
        };
        /** @description `route.not_found`: There is nothing at this address; `order.not_found`: No such order; `saga.not_found`: The order has no saga */
        "404-route.not_found-order.not_found-saga.not_found": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "route.not_found" | "order.not_found" | "saga.not_found";
                };
            };
        };
        /** @description `command.conflict`: Too many changes at once; `order.illegal_transition`: The order does not allow this now; `order.too_many_payment_methods`: Too many payment methods were tried for the order */
        "409-command.conflict-order.illegal_transition-order.too_many_payment_methods": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "command.conflict" | "order.illegal_transition" | "order.too_many_payment_methods";
                };
            };
        };
        /** @description `order.not_found`: No such order */
        "404-order.not_found": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "order.not_found";
                };
            };
        };
        /** @description `route.not_found`: There is nothing at this address; `payment.not_found`: No such payment */
        "404-route.not_found-payment.not_found": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "route.not_found" | "payment.not_found";
                };
            };
        };
        /** @description `idempotency.mismatch`: The idempotency key was used with another body; `money.currency_mismatch`: The currencies differ */
        "422-idempotency.mismatch-money.currency_mismatch": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 422;
                    /** @enum {unknown} */
                    code?: "idempotency.mismatch" | "money.currency_mismatch";
                };
            };
        };
        /** @description `command.conflict`: Too many changes at once; `payment.illegal_transition`: The payment does not allow this now; `payment.refund_too_large`: The refunds would exceed what was captured; `payment.refund_refused`: The refund was refused */
        "409-command.conflict-payment.illegal_transition-payment.refund_too_large-payment.refund_refused": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "command.conflict" | "payment.illegal_transition" | "payment.refund_too_large" | "payment.refund_refused";
                };
            };
        };
        /** @description `request.malformed`: The request is not HTTP; `request.malformed_json`: The body is not JSON; `command.invalid`: The command has wrong fields */
        "400-request.malformed-request.malformed_json-command.invalid": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 400;
                    /** @enum {unknown} */
                    code?: "request.malformed" | "request.malformed_json" | "command.invalid";
                };
            };
        };
        /** @description `webhook.signature_invalid`: The signature is missing, wrong or too old */
        "401-webhook.signature_invalid": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 401;
                    /** @enum {unknown} */
                    code?: "webhook.signature_invalid";
                };
            };
        };
        /** @description `payment.not_found`: No such payment */
        "404-payment.not_found": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "payment.not_found";
                };
            };
        };
        /** @description `route.not_found`: There is nothing at this address; `shipment.not_found`: No such shipment */
        "404-route.not_found-shipment.not_found": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "route.not_found" | "shipment.not_found";
                };
            };
        };
        /** @description `command.conflict`: Too many changes at once; `shipment.illegal_transition`: The shipment does not allow this now */
        "409-command.conflict-shipment.illegal_transition": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "command.conflict" | "shipment.illegal_transition";
                };
            };
        };
        /** @description `route.not_found`: There is nothing at this address; `projection.not_found`: No such projection */
        "404-route.not_found-projection.not_found": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "route.not_found" | "projection.not_found";
                };
            };
        };
        /** @description `projection.not_ready`: There is no build that can serve */
        "409-projection.not_ready": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "projection.not_ready";
                };
            };
        };
        /** @description `request.malformed`: The request is not HTTP; `request.invalid`: The request has wrong fields; `request.invalid_cursor`: The cursor is not one of ours */
        "400-request.malformed-request.invalid-request.invalid_cursor": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 400;
                    /** @enum {unknown} */
                    code?: "request.malformed" | "request.invalid" | "request.invalid_cursor";
                };
            };
        };
        /** @description `route.not_found`: There is nothing at this address; `projection.not_found`: No such projection; `projection.nothing_parked`: Nothing of this key is parked */
        "404-route.not_found-projection.not_found-projection.nothing_parked": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "route.not_found" | "projection.not_found" | "projection.nothing_parked";
                };
            };
        };
        /** @description `audit.no_such_category`: There are no streams of such a name */
        "404-audit.no_such_category": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "audit.no_such_category";
                };
            };
        };
        /** @description `route.not_found`: There is nothing at this address; `audit.no_such_category`: There are no streams of such a name; `audit.no_such_stream`: There is no such stream */
        "404-route.not_found-audit.no_such_category-audit.no_such_stream": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "route.not_found" | "audit.no_such_category" | "audit.no_such_stream";
                };
            };
        };
        /** @description `audit.tampered`: The record differs from the audit log */
        "409-audit.tampered": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "audit.tampered";
                };
            };
        };
        /** @description `route.not_found`: There is nothing at this address; `audit.no_such_category`: There are no streams of such a name; `audit.no_such_stream`: There is no such stream; `audit.beyond_the_end`: The stream had no such event then */
        "404-route.not_found-audit.no_such_category-audit.no_such_stream-audit.beyond_the_end": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "route.not_found" | "audit.no_such_category" | "audit.no_such_stream" | "audit.beyond_the_end";
                };
            };
        };
        /** @description `audit.unreadable_event`: The stream has an event that this version does not know */
        "422-audit.unreadable_event": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 422;
                    /** @enum {unknown} */
                    code?: "audit.unreadable_event";
                };
            };
        };
        /** @description `audit.no_such_category`: There are no streams of such a name; `audit.no_such_type`: There are no events of that type */
        "404-audit.no_such_category-audit.no_such_type": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "audit.no_such_category" | "audit.no_such_type";
                };
            };
        };
        /** @description `gateway.overloaded`: The platform has too much to do; `audit.index_behind`: Too much is not in the audit log yet; `service.unavailable`: A part of the platform is away */
        "503-gateway.overloaded-audit.index_behind-service.unavailable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 503;
                    /** @enum {unknown} */
                    code?: "gateway.overloaded" | "audit.index_behind" | "service.unavailable";
                };
            };
        };
        /** @description `route.not_found`: There is nothing at this address; `audit.no_such_correlation`: Nothing was caused under this correlation */
        "404-route.not_found-audit.no_such_correlation": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "route.not_found" | "audit.no_such_correlation";
                };
            };
        };
        /** @description `audit.too_many_events`: Those are too many events for one answer */
        "422-audit.too_many_events": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 422;
                    /** @enum {unknown} */
                    code?: "audit.too_many_events";
                };
            };
        };
        /** @description `projection.not_found`: No such projection */
        "404-projection.not_found": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "projection.not_found";
                };
            };
        };
        /** @description `projection.not_ready`: There is no build that can serve; `audit.too_many_replays`: Too many replays are kept */
        "409-projection.not_ready-audit.too_many_replays": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "projection.not_ready" | "audit.too_many_replays";
                };
            };
        };
        /** @description `route.not_found`: There is nothing at this address; `audit.no_replay`: No such replay */
        "404-route.not_found-audit.no_replay": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "route.not_found" | "audit.no_replay";
                };
            };
        };
        /** @description `audit.replay_running`: The replay is still under way; `projection.not_ready`: There is no build that can serve */
        "409-audit.replay_running-projection.not_ready": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 409;
                    /** @enum {unknown} */
                    code?: "audit.replay_running" | "projection.not_ready";
                };
            };
        };
        /** @description `route.not_found`: There is nothing at this address; `audit.no_verification`: No such verification */
        "404-route.not_found-audit.no_verification": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "route.not_found" | "audit.no_verification";
                };
            };
        };
        /** @description `audit.no_verification`: No such verification */
        "404-audit.no_verification": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "audit.no_verification";
                };
            };
        };
        /** @description `route.not_found`: There is nothing at this address; `audit.not_logged`: The audit log does not have this event */
        "404-route.not_found-audit.not_logged": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "route.not_found" | "audit.not_logged";
                };
            };
        };
        /** @description `audit.not_logged`: The audit log does not have this event */
        "404-audit.not_logged": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "audit.not_logged";
                };
            };
        };
        /** @description `audit.no_such_stream`: There is no such stream; `audit.no_such_category`: There are no streams of such a name; `audit.no_such_correlation`: Nothing was caused under this correlation; `audit.not_logged`: The audit log does not have this event */
        "404-audit.no_such_stream-audit.no_such_category-audit.no_such_correlation-audit.not_logged": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "audit.no_such_stream" | "audit.no_such_category" | "audit.no_such_correlation" | "audit.not_logged";
                };
            };
        };
        /** @description `service.unavailable`: A part of the platform is away */
        "503-service.unavailable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 503;
                    /** @enum {unknown} */
                    code?: "service.unavailable";
                };
            };
        };
        /** @description `auth.missing_token`: An access token is needed; `auth.invalid_token`: The access token is not valid */
        "401-auth.missing_token-auth.invalid_token": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                traceparent: components["headers"]["traceparent"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 401;
                    /** @enum {unknown} */
                    code?: "auth.missing_token" | "auth.invalid_token";
                };
            };
        };
    };
    parameters: {
        /** @description The same key with the same body takes effect once, and gets the first answer again */
        IdempotencyKey: string;
        /** @description Tokens of earlier commands, separated by commas: the answer is at least as fresh */
        ConsistencyToken: string;
        /** @description How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2` */
        Prefer: string;
        /** @description The tag of the state that the caller holds */
        IfNoneMatch: string;
        /** @description The id of the last message that came: what has come since follows */
        LastEventId: string;
    };
    requestBodies: never;
    headers: {
        /** @description The caller's, or a new one */
        "X-Request-Id": string;
        /** @description W3C trace context of the request */
        traceparent: string;
        /** @description Stands for what was written */
        "X-Consistency-Token": string;
        /** @description Where what was made can be read */
        Location: string;
        /** @description Ask before each use of what was kept */
        "Cache-Control": string;
        /** @description Seconds since it was read, where it was read before */
        Age: number;
        /** @description The tag of this state */
        ETag: string;
        /** @description Bearer */
        "WWW-Authenticate": string;
        /** @description Seconds after which to try again */
        "Retry-After": number;
        /**
         * @description How many requests (q) may come in how many seconds (w), by draft-ietf-httpapi-ratelimit-headers-10
         * @example "reads";q=150;w=2
         */
        "RateLimit-Policy": string;
        /**
         * @description How many requests are left (r), and after how many seconds all are there again (t)
         * @example "reads";r=149;t=1
         */
        RateLimit: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listUsers: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description Tokens of earlier commands, separated by commas: the answer is at least as fresh */
                "X-Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2` */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The tag of the state that the caller holds */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accounts"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.invalid-request.invalid_token-request.invalid_cursor"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-view.parked-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    registerUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Registration"];
            };
        };
        responses: {
            /** @description It was made */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisteredUser"];
                };
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict-user.email_taken-user.already_registered-user.registration_abandoned"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            422: components["responses"]["422-idempotency.mismatch"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description Tokens of earlier commands, separated by commas: the answer is at least as fresh */
                "X-Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2` */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The tag of the state that the caller holds */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.invalid_token"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            404: components["responses"]["404-route.not_found-user.not_found"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-view.parked-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    changeProfile: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ProfileChange"];
            };
        };
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            404: components["responses"]["404-route.not_found-user.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict-user.email_taken-user.change_abandoned"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            422: components["responses"]["422-idempotency.mismatch"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    eraseUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            404: components["responses"]["404-route.not_found-user.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict-user.has_open_orders-user.erasure_withdrawn"];
            414: components["responses"]["414-request.target_too_long"];
            422: components["responses"]["422-idempotency.mismatch"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    changeRoles: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RolesChange"];
            };
        };
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Roles"];
                };
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-user.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            422: components["responses"]["422-idempotency.mismatch"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    listOrdersOfUser: {
        parameters: {
            query?: {
                status?: "PENDING" | "PAID" | "SHIPPED" | "DELIVERED" | "RETURNED" | "REJECTED" | "CANCELLED";
                reason?: string;
                from?: string;
                to?: string;
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description Tokens of earlier commands, separated by commas: the answer is at least as fresh */
                "X-Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2` */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The tag of the state that the caller holds */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Orders"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.invalid-request.invalid_token-request.invalid_cursor"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            404: components["responses"]["404-route.not_found-user.not_found"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-view.parked-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid"];
            401: components["responses"]["401-auth.bad_credentials"];
            408: components["responses"]["408-request.timeout"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            429: components["responses"]["429-rate.limited-auth.too_many_attempts"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    refreshTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshToken"];
            };
        };
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid"];
            401: components["responses"]["401-auth.invalid_token"];
            408: components["responses"]["408-request.timeout"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshToken"];
            };
        };
        responses: {
            /** @description It is done */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            408: components["responses"]["408-request.timeout"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getPublicKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublicKeys"];
                };
            };
            400: components["responses"]["400-request.malformed"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    listProducts: {
        parameters: {
            query?: {
                category?: string;
                q?: string;
                minPrice?: number;
                maxPrice?: number;
                sort?: "name" | "-name" | "price" | "-price";
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description Tokens of earlier commands, separated by commas: the answer is at least as fresh */
                "X-Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2` */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The tag of the state that the caller holds */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Age: components["headers"]["Age"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Products"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Age: components["headers"]["Age"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.invalid-request.invalid_token-request.invalid_cursor"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-view.parked-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    addProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProduct"];
            };
        };
        responses: {
            /** @description It was made */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductDetails"];
                };
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict-product.sku_taken-product.already_added"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            422: components["responses"]["422-idempotency.mismatch"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description Tokens of earlier commands, separated by commas: the answer is at least as fresh */
                "X-Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2` */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The tag of the state that the caller holds */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Age: components["headers"]["Age"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Age: components["headers"]["Age"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.invalid_token"];
            404: components["responses"]["404-route.not_found-product.not_found"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-view.parked-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    changeProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProduct"];
            };
        };
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductDetails"];
                };
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-product.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict-product.sku_taken-product.discontinued-product.change_abandoned"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            422: components["responses"]["422-idempotency.mismatch"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    discontinueProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-product.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict"];
            414: components["responses"]["414-request.target_too_long"];
            422: components["responses"]["422-idempotency.mismatch"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    listCategories: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description Tokens of earlier commands, separated by commas: the answer is at least as fresh */
                "X-Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2` */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The tag of the state that the caller holds */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Age: components["headers"]["Age"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Categories"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Age: components["headers"]["Age"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.invalid-request.invalid_token-request.invalid_cursor"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-view.parked-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    addCategory: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCategory"];
            };
        };
        responses: {
            /** @description It was made */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Category"];
                };
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict-category.already_added"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            422: components["responses"]["422-idempotency.mismatch-category.unknown_parent"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getStock: {
        parameters: {
            query?: never;
            header?: {
                /** @description Tokens of earlier commands, separated by commas: the answer is at least as fresh */
                "X-Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2` */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The tag of the state that the caller holds */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                productId: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stock"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.invalid_token"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-product.not_found"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-view.parked-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    receiveStock: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                productId: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewReceipt"];
            };
        };
        responses: {
            /** @description It was made */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-product.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            422: components["responses"]["422-idempotency.mismatch-stock.too_large"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    adjustStock: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                productId: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAdjustment"];
            };
        };
        responses: {
            /** @description It was made */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Adjustment"];
                };
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-product.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict-stock.out_of_stock"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            422: components["responses"]["422-idempotency.mismatch-stock.too_large"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getCart: {
        parameters: {
            query?: never;
            header?: {
                /** @description Tokens of earlier commands, separated by commas: the answer is at least as fresh */
                "X-Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2` */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The tag of the state that the caller holds */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PricedCart"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.invalid_token"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-view.parked-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    setCartItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                productId: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Quantity"];
            };
        };
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid-order.unknown_user"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            422: components["responses"]["422-idempotency.mismatch-cart.unknown_product-cart.too_many_lines"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    removeCartItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                productId: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            400: components["responses"]["400-request.malformed-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict"];
            414: components["responses"]["414-request.target_too_long"];
            422: components["responses"]["422-idempotency.mismatch"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    checkOut: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Checkout"];
            };
        };
        responses: {
            /** @description It was made */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlacedOrder"];
                };
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid-order.unknown_user"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict-cart.empty-cart.no_checkout-cart.too_many_checkouts-order.placement_abandoned"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            422: components["responses"]["422-idempotency.mismatch-cart.unknown_product-order.unknown_product-order.empty-money.currency_mismatch-money.too_large"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    listOrders: {
        parameters: {
            query?: {
                status?: "PENDING" | "PAID" | "SHIPPED" | "DELIVERED" | "RETURNED" | "REJECTED" | "CANCELLED";
                reason?: string;
                from?: string;
                to?: string;
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description Tokens of earlier commands, separated by commas: the answer is at least as fresh */
                "X-Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2` */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The tag of the state that the caller holds */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Orders"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.invalid-request.invalid_token-request.invalid_cursor"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-view.parked-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    placeOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOrder"];
            };
        };
        responses: {
            /** @description It was made */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlacedOrder"];
                };
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid-order.unknown_user"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict-order.placement_abandoned"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            422: components["responses"]["422-idempotency.mismatch-order.unknown_product-order.empty-money.currency_mismatch-money.too_large"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description Tokens of earlier commands, separated by commas: the answer is at least as fresh */
                "X-Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2` */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The tag of the state that the caller holds */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.invalid_token"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            404: components["responses"]["404-route.not_found-order.not_found"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-view.parked-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    cancelOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Cancellation"];
            };
        };
        responses: {
            /** @description It is stored, and will be done */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            404: components["responses"]["404-route.not_found-order.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict-order.not_cancellable"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            422: components["responses"]["422-idempotency.mismatch"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    returnOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Return"];
            };
        };
        responses: {
            /** @description It is stored, and will be done */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            404: components["responses"]["404-route.not_found-order.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict-order.not_returnable-order.illegal_transition"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            422: components["responses"]["422-idempotency.mismatch"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    changeOrderStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrderStatus"];
            };
        };
        responses: {
            /** @description It is stored, and will be done */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-order.not_found-shipment.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict-order.illegal_transition-order.not_cancellable-shipment.illegal_transition"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            422: components["responses"]["422-idempotency.mismatch"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    retrySaga: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is stored, and will be done */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-order.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict-order.illegal_transition"];
            414: components["responses"]["414-request.target_too_long"];
            422: components["responses"]["422-idempotency.mismatch"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    skipSaga: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is stored, and will be done */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-order.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict-order.illegal_transition"];
            414: components["responses"]["414-request.target_too_long"];
            422: components["responses"]["422-idempotency.mismatch"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    abortSaga: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is stored, and will be done */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-order.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict-order.illegal_transition"];
            414: components["responses"]["414-request.target_too_long"];
            422: components["responses"]["422-idempotency.mismatch"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    followOrder: {
        parameters: {
            query?: {
                lastEventId?: string;
            };
            header?: {
                /** @description Tokens of earlier commands, separated by commas: the answer is at least as fresh */
                "X-Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2` */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The id of the last message that came: what has come since follows */
                "Last-Event-ID"?: components["parameters"]["LastEventId"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            400: components["responses"]["400-request.malformed-request.invalid-request.invalid_token"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            404: components["responses"]["404-route.not_found-order.not_found"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-view.parked-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    followOrders: {
        parameters: {
            query?: {
                lastEventId?: string;
            };
            header?: {
                /** @description The id of the last message that came: what has come since follows */
                "Last-Event-ID"?: components["parameters"]["LastEventId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            400: components["responses"]["400-request.malformed-request.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getSaga: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Saga"];
                };
            };
            400: components["responses"]["400-request.malformed"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-order.not_found-saga.not_found"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getTimeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            400: components["responses"]["400-request.malformed"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            404: components["responses"]["404-route.not_found-order.not_found"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    offerPaymentMethod: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PaymentMethod"];
            };
        };
        responses: {
            /** @description It is stored, and will be done */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            404: components["responses"]["404-order.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict-order.illegal_transition-order.too_many_payment_methods"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            422: components["responses"]["422-idempotency.mismatch"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getPayment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Tokens of earlier commands, separated by commas: the answer is at least as fresh */
                "X-Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2` */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The tag of the state that the caller holds */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                orderId: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Payment"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.invalid_token"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            404: components["responses"]["404-route.not_found-payment.not_found"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-view.parked-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    refundPayment: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                orderId: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Refund"];
            };
        };
        responses: {
            /** @description It is stored, and will be done */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-payment.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict-payment.illegal_transition-payment.refund_too_large-payment.refund_refused"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            422: components["responses"]["422-idempotency.mismatch-money.currency_mismatch"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    receivePaymentNotice: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description It is stored, and will be done */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.malformed_json-command.invalid"];
            401: components["responses"]["401-webhook.signature_invalid"];
            404: components["responses"]["404-payment.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getShipment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Tokens of earlier commands, separated by commas: the answer is at least as fresh */
                "X-Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2` */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The tag of the state that the caller holds */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                orderId: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Shipment"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.invalid_token"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            404: components["responses"]["404-route.not_found-shipment.not_found"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-view.parked-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    addTracking: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body takes effect once, and gets the first answer again */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                orderId: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTracking"];
            };
        };
        responses: {
            /** @description It was made */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Consistency-Token": components["headers"]["X-Consistency-Token"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tracking"];
                };
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid-idempotency.invalid_key-command.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-shipment.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-command.conflict-shipment.illegal_transition"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            422: components["responses"]["422-idempotency.mismatch"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    listNotifications: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description Tokens of earlier commands, separated by commas: the answer is at least as fresh */
                "X-Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2` */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The tag of the state that the caller holds */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notifications"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.invalid-request.invalid_token-request.invalid_cursor"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-view.parked-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getWebHome: {
        parameters: {
            query?: never;
            header?: {
                /** @description Tokens of earlier commands, separated by commas: the answer is at least as fresh */
                "X-Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2` */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The tag of the state that the caller holds */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebHome"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.invalid_token"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-view.parked-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getMobileHome: {
        parameters: {
            query?: never;
            header?: {
                /** @description Tokens of earlier commands, separated by commas: the answer is at least as fresh */
                "X-Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2` */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The tag of the state that the caller holds */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MobileHome"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.invalid_token"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-view.parked-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getOrderScreen: {
        parameters: {
            query?: never;
            header?: {
                /** @description Tokens of earlier commands, separated by commas: the answer is at least as fresh */
                "X-Consistency-Token"?: components["parameters"]["ConsistencyToken"];
                /** @description How many seconds to wait for an answer that is fresh enough, at most 30, or 2 for screens and without signing in: `wait=2` */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The tag of the state that the caller holds */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderScreen"];
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed-request.invalid_token"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-order.not_found"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-view.behind-view.parked-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    listProjections: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Projections"];
                };
            };
            400: components["responses"]["400-request.malformed"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    rebuildProjection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is stored, and will be done */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Projection"];
                };
            };
            400: components["responses"]["400-request.malformed"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-projection.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-projection.not_ready"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    switchProjection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is stored, and will be done */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Projection"];
                };
            };
            400: components["responses"]["400-request.malformed"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-projection.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-projection.not_ready"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    rollbackProjection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is stored, and will be done */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Projection"];
                };
            };
            400: components["responses"]["400-request.malformed"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-projection.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-projection.not_ready"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    listParkedEvents: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                name: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParkedEvents"];
                };
            };
            400: components["responses"]["400-request.malformed-request.invalid-request.invalid_cursor"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-projection.not_found"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    retryParkedEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: components["schemas"]["Id"];
                key: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is stored, and will be done */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParkedRequest"];
                };
            };
            400: components["responses"]["400-request.malformed"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-projection.not_found-projection.nothing_parked"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    discardParkedEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: components["schemas"]["Id"];
                key: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is stored, and will be done */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParkedRequest"];
                };
            };
            400: components["responses"]["400-request.malformed"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-projection.not_found-projection.nothing_parked"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    listStreams: {
        parameters: {
            query?: {
                prefix?: string;
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Streams"];
                };
            };
            400: components["responses"]["400-request.malformed-request.invalid-request.invalid_cursor"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-audit.no_such_category"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    readStream: {
        parameters: {
            query?: {
                from?: number;
                limit?: number;
                direction?: "forwards" | "backwards";
            };
            header?: never;
            path: {
                stream: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamEvents"];
                };
            };
            400: components["responses"]["400-request.malformed-request.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-audit.no_such_category-audit.no_such_stream"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-audit.tampered"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getPastState: {
        parameters: {
            query?: {
                revision?: number;
                at?: string;
            };
            header?: never;
            path: {
                stream: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PastState"];
                };
            };
            400: components["responses"]["400-request.malformed-request.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-audit.no_such_category-audit.no_such_stream-audit.beyond_the_end"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-audit.tampered"];
            414: components["responses"]["414-request.target_too_long"];
            422: components["responses"]["422-audit.unreadable_event"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getDifference: {
        parameters: {
            query?: {
                fromRevision?: number;
                fromAt?: string;
                toRevision?: number;
                toAt?: string;
            };
            header?: never;
            path: {
                stream: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Difference"];
                };
            };
            400: components["responses"]["400-request.malformed-request.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-audit.no_such_category-audit.no_such_stream-audit.beyond_the_end"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-audit.tampered"];
            414: components["responses"]["414-request.target_too_long"];
            422: components["responses"]["422-audit.unreadable_event"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    readEvents: {
        parameters: {
            query?: {
                category?: string;
                type?: string;
                actor?: string;
                correlationId?: string;
                from?: string;
                to?: string;
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
            400: components["responses"]["400-request.malformed-request.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-audit.no_such_category-audit.no_such_type"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-audit.tampered"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getCorrelation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Correlation"];
                };
            };
            400: components["responses"]["400-request.malformed"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-audit.no_such_correlation"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-audit.tampered"];
            414: components["responses"]["414-request.target_too_long"];
            422: components["responses"]["422-audit.too_many_events"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-audit.index_behind-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    listReplays: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replays"];
                };
            };
            400: components["responses"]["400-request.malformed"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-projection.not_ready"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    beginReplay: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayBody"];
            };
        };
        responses: {
            /** @description It is stored, and will be done */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-projection.not_found"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-projection.not_ready-audit.too_many_replays"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
            400: components["responses"]["400-request.malformed"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-audit.no_replay"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-projection.not_ready"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    dropReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-audit.no_replay"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-projection.not_ready"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    listReplayRows: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayedRows"];
                };
            };
            400: components["responses"]["400-request.malformed-request.invalid-request.invalid_cursor"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-audit.no_replay"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-audit.replay_running-projection.not_ready"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    requestVerification: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is stored, and will be done */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
            400: components["responses"]["400-request.malformed"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getVerification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
            400: components["responses"]["400-request.malformed"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-audit.no_verification"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getLatestVerification: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompletedVerification"];
                };
            };
            400: components["responses"]["400-request.malformed"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-audit.no_verification"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getProof: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                position: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proof"];
                };
            };
            400: components["responses"]["400-request.malformed"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-route.not_found-audit.not_logged"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-audit.tampered"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getConsistency: {
        parameters: {
            query: {
                from: number;
                to: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Consistency"];
                };
            };
            400: components["responses"]["400-request.malformed-request.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-audit.not_logged"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-audit.tampered"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    listCheckpoints: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Checkpoints"];
                };
            };
            400: components["responses"]["400-request.malformed-request.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    exportBundle: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ExportSelection"];
            };
        };
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/gzip": string;
                };
            };
            400: components["responses"]["400-request.malformed-request.too_deep-request.malformed_json-request.invalid"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token-auth.expired_token-auth.revoked_token"];
            403: components["responses"]["403-auth.forbidden"];
            404: components["responses"]["404-audit.no_such_stream-audit.no_such_category-audit.no_such_correlation-audit.not_logged"];
            408: components["responses"]["408-request.timeout"];
            409: components["responses"]["409-audit.tampered"];
            413: components["responses"]["413-request.too_large"];
            414: components["responses"]["414-request.target_too_long"];
            415: components["responses"]["415-request.unsupported_media_type"];
            422: components["responses"]["422-audit.too_many_events"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["400-request.malformed"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            400: components["responses"]["400-request.malformed"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            /** @description `service.unavailable`: A part of the platform is away */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {unknown} */
                        code?: "service.unavailable";
                    };
                };
            };
            504: components["responses"]["504-service.timeout"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["400-request.malformed"];
            401: components["responses"]["401-auth.missing_token-auth.invalid_token"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
    getDescription: {
        parameters: {
            query?: never;
            header?: {
                /** @description The tag of the state that the caller holds */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/openapi+json": string;
                };
            };
            /** @description Nothing has changed */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    traceparent: components["headers"]["traceparent"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-request.malformed"];
            408: components["responses"]["408-request.timeout"];
            414: components["responses"]["414-request.target_too_long"];
            429: components["responses"]["429-rate.limited"];
            431: components["responses"]["431-request.headers_too_large"];
            500: components["responses"]["500-internal.error"];
            503: components["responses"]["503-gateway.overloaded-service.unavailable"];
            504: components["responses"]["504-service.timeout"];
        };
    };
}
