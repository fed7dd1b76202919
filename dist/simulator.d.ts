export * from 'return-dispatch-simulator';
