import './element-styles';
import './style.css';
import { createApp } from 'vue';
import App from './App.vue';
import { openHub } from './hub';

createApp(App, { hub: openHub() }).mount('#app');
